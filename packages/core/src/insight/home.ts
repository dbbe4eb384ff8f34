import type { Capability, Role } from '../access/index.ts';

/** A figure that may need a manager today. Each opens the rows it was counted from. */
export const HOME_FIGURES = [
  'visits_week',
  'overdue_calls',
  'missed_calls',
  'complaints_running_out',
  'complaints_to_confirm',
  'at_risk',
  'satisfaction',
  'sales_satisfaction',
  'deliveries_month',
  'service_complaint_rate',
  'sales_complaints',
] as const;
export type HomeFigure = (typeof HOME_FIGURES)[number];

/** Whose rows a figure opens: who may not view them is not shown the figure. */
export const FIGURE_NEEDS: Readonly<Record<HomeFigure, Capability>> = {
  visits_week: 'insight',
  overdue_calls: 'tasks',
  missed_calls: 'insight',
  complaints_running_out: 'complaints',
  complaints_to_confirm: 'complaints',
  at_risk: 'customers',
  satisfaction: 'insight',
  sales_satisfaction: 'insight',
  deliveries_month: 'insight',
  service_complaint_rate: 'complaints',
  sales_complaints: 'complaints',
};

type Five = readonly [HomeFigure, HomeFigure, HomeFigure, HomeFigure, HomeFigure];
const GENERAL: Five = ['complaints_running_out', 'visits_week', 'deliveries_month', 'satisfaction', 'at_risk'];
const BY_ROLE: Partial<Record<Role, Five>> = {
  SVC_MGR: ['complaints_running_out', 'overdue_calls', 'visits_week', 'satisfaction', 'at_risk'],
  SA_LEAD: ['complaints_running_out', 'overdue_calls', 'visits_week', 'satisfaction', 'at_risk'],
  CC_MGR: ['complaints_running_out', 'complaints_to_confirm', 'overdue_calls', 'missed_calls', 'satisfaction'],
  SALES_DIR: ['sales_complaints', 'overdue_calls', 'deliveries_month', 'sales_satisfaction', 'at_risk'],
  SALES_MGR: ['sales_complaints', 'overdue_calls', 'deliveries_month', 'sales_satisfaction', 'at_risk'],
  TRAIN_MGR: ['satisfaction', 'complaints_running_out', 'missed_calls', 'service_complaint_rate', 'visits_week'],
};

/** The five figures that need a manager of this role today, the most pressing first (07, Reports). */
export function homeFigures(role: Role): Five {
  return BY_ROLE[role] ?? GENERAL;
}
