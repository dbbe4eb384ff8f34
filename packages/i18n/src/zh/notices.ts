/** What the bell says, by the kind of notice. */
export const notices = {
  complaints: {
    registered: '新客诉 {{number}}，{{by}} 登记，请尽快响应',
    escalated: '客诉 {{number}} 的{{promise}}时限已用 {{percent}}%',
    reassigned: '客诉 {{number}} 已改派给您（{{by}}）',
    reopened: '客诉 {{number}} 客户不满意，已重新处理',
    pause_over: '客诉 {{number}} 暂停到期',
    pause_requested: '客诉 {{number}} 申请暂停计时（{{by}}），请审批',
    solved: '客诉 {{number}} 已提交处理结果，请回访客户确认',
  },
  care: { missed: '有关怀任务已错过' },
  imports: { finished: '导入已完成' },
};
