/** Names of the pages where one goes to them. A page calls itself alike (catalogue.test.ts); its other words come with it. */
export const navigation = {
  myDay: '今日工作',
  teamQueue: '团队队列',
  customers: '客户档案',
  visits: '维修保养记录',
  complaints: '客诉处理',
  complaintScores: '客诉评分表',
  careRules: '关怀规则',
  imports: '数据导入',
  settings: '门店设置',
  staff: '员工',
  rights: '角色权限',
  keys: 'API 密钥',
  audit: '操作日志',
  newCustomer: '新建客户',
  registerComplaint: '登记客诉',
  promises: { response: '响应', close: '结案' },
};
