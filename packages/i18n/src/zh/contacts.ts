import type { ContactRefusal } from '@baoke/core/contacts';
import type { RefusalWords } from '../refusal-words.ts';

export const contacts = {
  title: '联系记录',
  record: '记录联系',
  recordTitle: '记录与 {{name}} 的联系',
  recordHint: '按数字键选结果，Tab 到备注，Ctrl+Enter 保存。',
  recorded: '已记录联系',
  recordedNext: '已记录，{{on}} 再联系',
  suggestComplaint: '客户不满意，是否登记客诉？',
  registerComplaint: '登记客诉',
  channels: {
    phone: '电话',
    sms: '短信',
    wechat: '微信',
    letter: '信函',
    email: '邮件',
    visit_customer: '上门拜访',
    visit_store: '来店',
    event: '活动',
  },
  directions: { in: '客户来电来访', out: '我方联系' },
  outcomes: {
    reached: '已接通',
    appointment: '已预约',
    call_back: '稍后再打',
    not_reached: '未接通',
    refused: '拒绝联系',
    wrong_number: '空号错号',
    sent: '已发送',
    met: '已面谈',
  },
  satisfied: '客户满意',
  dissatisfied: '客户不满意',
  fields: {
    channel: '联系方式',
    direction: '由谁发起',
    outcome: '结果',
    content: '说了什么',
    satisfied: '对我们的服务',
    appointmentAt: '预约时间',
    occurredAt: '联系时间',
    nextOn: '下次联系',
    vehicleId: '谈到的车辆',
  },
  notAsked: '没有问到',
  nextNone: '不安排',
  nextIn: { one: '明天', three: '3 天后', seven: '7 天后', thirty: '30 天后' },
};

export const contactsRefusals = {
  in_future: '联系时间不能晚于现在',
  too_long_ago: '只能补记 31 天以内的联系',
  outcome_needs_call: '这个结果不适用于所选的联系方式',
  appointment_needs_time: '请填写预约时间',
  appointment_in_past: '预约时间须晚于联系时间',
  next_in_past: '下次联系不能早于今天',
} satisfies RefusalWords<ContactRefusal>;
