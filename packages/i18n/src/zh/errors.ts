/** What went wrong outside a rule: code of the failure, never of a domain. */
export const errors = {
  network: '没有连上服务器。填写的内容已保留，恢复后请再试。',
  unexpected: '系统出了问题，请重试；仍不行请把请求编号告诉管理员。',
  pageMissing: '没有这个页面',
  pageMissingHint: '链接可能不完整，或页面已经移走。',
  screenFailed: '这个页面出了问题',
  screenFailedHint: '您填写的内容已保留。可以重试，或返回首页。',
  goHome: '回到首页',
};

export const inputRefusals = { invalid: '有内容不符合要求，请检查标出的项目。' };

export const platformRefusals = {
  failure: '系统出了问题，请重试；仍不行请把请求编号告诉管理员。',
  no_procedure: '服务器没有这个功能，页面可能已过期，请刷新。',
  method_not_allowed: '这个地址不支持该请求方法，请查看接口文档。',
  media_type: '请求内容的类型不受支持：数据用 application/json，上传文件用 multipart/form-data。',
  body_too_large: '请求内容超过大小限制，请分批提交。',
  not_found: '没有找到这条记录，可能属于其他门店。',
  conflict: '有人同时修改了这条记录，请核对后再保存。',
  key_missing: '请求缺少 Idempotency-Key 请求头，或其长度不符',
  key_reused: '同一个 Idempotency-Key 已用于另一个请求',
  key_in_progress: '相同的请求正在处理，请稍候',
  answer_shown_once: '该请求已完成，其结果含有只显示一次的密码或密钥，系统不保存；如未看到，请重新生成',
  bad_cursor: '翻页位置已失效，请重新查询',
  unavailable: '服务暂时不可用，请稍后再试。填写的内容已保留。',
};

/** Faults of a field, by the code the server gives; what a field has to say of its own stands in `fieldFaultsOf`. */
export const fieldFaults = {
  consent_channel: '保存证件号码的授权不分联系方式（填 none），其他用途须选一种联系方式',
  invalid: '内容不符合要求',
  required: '必填',
  type: '类型不正确，应为 {{expected}}',
  format: '格式不正确',
  format_uuid: '应为 UUID 编号',
  format_datetime: '应为带时区的时间，如 2026-05-01T09:10:00+08:00',
  format_regex: '格式不正确，应符合 {{pattern}}',
  choice: '请从选项中选择：{{values}}',
  one_of: '只能填写其中一项',
  cursor: '请使用上一页返回的 nextCursor',
  key_scope: '没有这个权限范围，应如 customers:view',
  json: '请求内容应为 JSON 对象',
  too_short: '至少 {{minimum}} 个字',
  too_long: '最多 {{maximum}} 个字',
  too_small: '不能小于 {{minimum}}',
  too_big: '不能大于 {{maximum}}',
  length: '长度应为 {{min}} 至 {{max}}',
  unknown_field: '系统不认识这个项目',
  date: '请填写存在的日期，如 2026-05-01',
  period_order: '结束日期须晚于开始日期',
  period_too_wide: '一次最多统计 1100 天，且不早于 1990-01-01',
  whole_week: '按周统计须为一个完整的周：从周一到下周一（不含），如 2026-11-16 至 2026-11-23；其他日期请用“自定义”',
  whole_month: '按月统计须为一个完整的月：从 1 日到下月 1 日（不含），如 2026-11-01 至 2026-12-01；其他日期请用“自定义”',
  not_negative: '不能为负数',
  role_too_wide: '该角色需要“设置”的审批权限才能授予',
  scopes_too_wide: '不能授予超出自己权限的范围：{{values}}',
  not_for_keys: 'API 密钥不能开通或变更员工的登录',
  taken: '已被使用，请换一个',
  utf8: '内容须为 UTF-8 编码',
  unstorable_signs: '含有无法保存的字符，请删除后重试',
  unknown_record: '没有找到这条记录，请重新选择',
  not_of_customer: '这条记录不属于该客户，请重新选择',
  wrong_password: '密码不正确',
  password_unchanged: '新密码不能与当前密码相同',
};

export const fieldFaultsOf = {
  phone: '手机号应为11位数字，座机为区号加7至8位数字',
  postcode: '邮编应为6位数字',
  vin: '车架号应为17位字母和数字，不含 I、O、Q',
  plate: '车牌应为汉字加字母数字，如 苏E12345',
  idNumber: '身份证号应为18位',
  username: '登录名以小写字母或数字开头，可含 . _ -，2 至 60 位',
  email: '邮箱应如 name@example.com',
  month: '月份应为 01 至 12 月，写作 2026-05',
  registeredTo: '结束日期须晚于开始日期',
};
