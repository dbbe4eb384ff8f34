import { DEFAULT_TASK_NUMBERS, type TaskNumbers } from './model.ts';

/**
 * An entry of a list of codes, with its own words: a store may have others than those shipped. One that is `off` is chosen no more, and still
 * names what was recorded with it.
 */
export type CodeEntry = { readonly code: string; readonly zh: string; readonly en: string; readonly off?: boolean | undefined };

/** The lists that the result of a try is sorted by. */
export type ResultCodes = {
  /** What a customer spoke of, in praise or blame. */
  readonly saidAbout: readonly CodeEntry[];
  /** The analysed reason of what he said. */
  readonly causes: readonly CodeEntry[];
  /** Why a try reached nobody. */
  readonly unreached: readonly CodeEntry[];
};

export const CODE_LISTS = ['saidAbout', 'causes', 'unreached'] as const satisfies readonly (keyof ResultCodes)[];
export type CodeList = (typeof CODE_LISTS)[number];

/** What a store may change of its tasks. */
export type TaskPolicy = TaskNumbers & ResultCodes;

/**
 * The sources name no list (05 asks for "by team and category, with analysed reasons"): the categories follow the factors of the service visit
 * there, the rest is the trade's custom.
 */
export const DEFAULT_RESULT_CODES: ResultCodes = {
  saidAbout: [
    { code: 'reception', zh: '接待服务', en: 'Reception and attitude' },
    { code: 'waiting', zh: '等待与交车时间', en: 'Waiting and time taken' },
    { code: 'workmanship', zh: '维修质量', en: 'Workmanship' },
    { code: 'price', zh: '价格与收费说明', en: 'Price and explanation of charges' },
    { code: 'parts', zh: '配件供应', en: 'Parts' },
    { code: 'premises', zh: '环境与清洁', en: 'Premises and cleanliness' },
    { code: 'car', zh: '车辆本身', en: 'The car itself' },
    { code: 'sales', zh: '销售过程', en: 'Sale and delivery' },
    { code: 'other', zh: '其他', en: 'Other' },
  ],
  causes: [
    { code: 'attitude', zh: '人员态度', en: 'Attitude of staff' },
    { code: 'skill', zh: '技术水平', en: 'Skill' },
    { code: 'communication', zh: '沟通不到位', en: 'Poor communication' },
    { code: 'process', zh: '流程或排程', en: 'Process or scheduling' },
    { code: 'parts_supply', zh: '缺件', en: 'Parts missing' },
    { code: 'product', zh: '产品质量', en: 'Quality of the product' },
    { code: 'price_policy', zh: '价格政策', en: 'Price policy' },
    { code: 'expectation', zh: '客户期望过高', en: 'Expectation too high' },
    { code: 'other', zh: '其他', en: 'Other' },
  ],
  unreached: [
    { code: 'no_answer', zh: '无人接听', en: 'No answer' },
    { code: 'busy', zh: '占线', en: 'Line busy' },
    { code: 'switched_off', zh: '关机', en: 'Switched off' },
    { code: 'hung_up', zh: '挂断', en: 'Hung up' },
    { code: 'suspended', zh: '停机', en: 'Number suspended' },
    { code: 'other', zh: '其他', en: 'Other' },
  ],
};

export const DEFAULT_TASK_POLICY: TaskPolicy = { ...DEFAULT_TASK_NUMBERS, ...DEFAULT_RESULT_CODES };
