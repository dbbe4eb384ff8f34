import {
  AuditOutlined,
  BarChartOutlined,
  CarOutlined,
  CarryOutOutlined,
  ContactsOutlined,
  CustomerServiceOutlined,
  FundOutlined,
  HeartOutlined,
  ImportOutlined,
  KeyOutlined,
  SafetyOutlined,
  SettingOutlined,
  TeamOutlined,
  UnorderedListOutlined,
} from '@ant-design/icons';
import type { Action, Capability } from '@baoke/core/access';
import type { Catalogue } from '@baoke/i18n/lazy';
import type { ReactNode } from 'react';
import { paths, REPORT_PAGES, reportAddress, type ReportPage } from './paths.ts';
import type { Me } from './session.ts';

type Group = 'groupWork' | 'groupCustomers' | 'groupCare' | 'groupSetup';
type Link = ReturnType<
  (typeof paths)[
    | 'customers'
    | 'newCustomer'
    | 'visits'
    | 'complaints'
    | 'complaintScores'
    | 'registerComplaint'
    | 'home'
    | 'myDay'
    | 'teamQueue'
    | 'careRules'
    | 'imports'
    | 'staff'
    | 'rights'
    | 'settings'
    | 'keys'
    | 'audit']
>;
type Label = `navigation.${Exclude<keyof Catalogue['navigation'], 'promises' | 'reportPages'>}`;

export type NavigationEntry = {
  readonly key: string;
  /** Key of its name in the catalogue. */
  readonly label: Label;
  /** An address alone leads to another app. */
  readonly link: Link | { readonly href: string };
  readonly icon: ReactNode;
  readonly group: Group;
  readonly right: readonly [Capability, Action];
};

/** The pages a person can go to, in the order of his day. A feature adds its line here; rights decide who sees it. */
const ENTRIES: readonly NavigationEntry[] = [
  {
    key: 'myDay',
    label: 'navigation.myDay',
    link: paths.myDay(),
    icon: <CarryOutOutlined />,
    group: 'groupWork',
    right: ['tasks', 'view'],
  },
  {
    key: 'teamQueue',
    label: 'navigation.teamQueue',
    link: paths.teamQueue(),
    icon: <UnorderedListOutlined />,
    group: 'groupWork',
    right: ['tasks', 'decide'],
  },
  {
    key: 'customers',
    label: 'navigation.customers',
    link: paths.customers(),
    icon: <ContactsOutlined />,
    group: 'groupCustomers',
    right: ['customers', 'view'],
  },
  {
    key: 'visits',
    label: 'navigation.visits',
    link: paths.visits(),
    icon: <CarOutlined />,
    group: 'groupCustomers',
    right: ['service', 'view'],
  },
  {
    key: 'complaints',
    label: 'navigation.complaints',
    link: paths.complaints(),
    icon: <CustomerServiceOutlined />,
    group: 'groupCare',
    right: ['complaints', 'view'],
  },
  {
    key: 'complaintScores',
    label: 'navigation.complaintScores',
    link: paths.complaintScores(),
    icon: <BarChartOutlined />,
    group: 'groupCare',
    right: ['complaints', 'decide'],
  },
  {
    key: 'reports',
    label: 'navigation.reports',
    link: reportAddress(),
    icon: <FundOutlined />,
    group: 'groupCare',
    right: ['insight', 'view'],
  },
  {
    key: 'careRules',
    label: 'navigation.careRules',
    link: paths.careRules(),
    icon: <HeartOutlined />,
    group: 'groupSetup',
    right: ['care_rules', 'view'],
  },
  {
    key: 'imports',
    label: 'navigation.imports',
    link: paths.imports(),
    icon: <ImportOutlined />,
    group: 'groupSetup',
    right: ['imports', 'view'],
  },
  {
    key: 'settings',
    label: 'navigation.settings',
    link: paths.settings(),
    icon: <SettingOutlined />,
    group: 'groupSetup',
    right: ['settings', 'view'],
  },
  {
    key: 'staff',
    label: 'navigation.staff',
    link: paths.staff(),
    icon: <TeamOutlined />,
    group: 'groupSetup',
    right: ['staff', 'view'],
  },
  {
    key: 'rights',
    label: 'navigation.rights',
    link: paths.rights(),
    icon: <SafetyOutlined />,
    group: 'groupSetup',
    right: ['settings', 'view'],
  },
  {
    key: 'keys',
    label: 'navigation.keys',
    link: paths.keys(),
    icon: <KeyOutlined />,
    group: 'groupSetup',
    right: ['integrations', 'view'],
  },
  {
    key: 'audit',
    label: 'navigation.audit',
    link: paths.audit(),
    icon: <AuditOutlined />,
    group: 'groupSetup',
    right: ['audit', 'view'],
  },
];

export type CreateEntry = {
  readonly key: string;
  readonly label: Label;
  readonly link: Link;
  readonly right: readonly [Capability, Action];
};

/** What can be begun from anywhere. */
const CREATIONS: readonly CreateEntry[] = [
  { key: 'newCustomer', label: 'navigation.newCustomer', link: paths.newCustomer(), right: ['customers', 'edit'] },
  { key: 'registerComplaint', label: 'navigation.registerComplaint', link: paths.registerComplaint(), right: ['complaints', 'edit'] },
];

export function navigationFor(me: Me): readonly NavigationEntry[] {
  return ENTRIES.filter(({ right }) => me.can(...right));
}

export function creationsFor(me: Me): readonly CreateEntry[] {
  return CREATIONS.filter(({ right }) => me.can(...right));
}

/** The reports somebody may open, each by its name. */
export function reportsFor(me: Me): readonly ReportPage[] {
  if (!me.can('insight', 'view')) return [];
  return REPORT_PAGES.filter((page) => page !== 'complaints' || me.can('complaints', 'view'));
}
