import { LAST_DAY, type CivilDate, type Fen, type Instant, type TimeZone } from '../kernel/index.ts';
import type { Phone } from '../customers/index.ts';
import type { VinCheck } from '../vehicles/index.ts';

/** What one row of a file stands for. Files are imported in this order, whatever order they are given in. */
export const FILE_KINDS = ['customers', 'sales', 'service', 'leads'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

/** A cell as the reader hands it over; dates of a spreadsheet are numbers whose format says so. `null` is an empty cell. */
export type Cell = string | NumberCell | null;
export interface NumberCell {
  readonly number: number;
  readonly format: string;
}

/** A row with the number a spreadsheet shows beside it (the first row is 1). */
export interface SheetRow {
  readonly row: number;
  readonly cells: readonly Cell[];
}

export const ROW_OUTCOMES = ['clean', 'recovered', 'warned', 'duplicate', 'rejected'] as const;
/**
 * Every data row has exactly one: taken as it stands; taken after mending, nothing lost; taken, but a cell is dropped or doubtful;
 * repeats an earlier accepted row; refused.
 */
export type RowOutcome = (typeof ROW_OUTCOMES)[number];

/** Mended without loss. */
export const MENDS = [
  'amount_negative',
  'amount_negative_style',
  'amount_symbol',
  'amount_text',
  'amount_thousands',
  'amount_wan',
  'amount_yuan',
  'comma_in_cell',
  'company_paren',
  'csv_equals_guard',
  'csv_tab_guard',
  'date_cell',
  'date_chinese',
  'date_compact',
  'date_dash',
  'date_dot',
  'date_serial',
  'date_slash',
  'date_time',
  'date_two_digit_year',
  'emoji',
  'formula_like',
  'fullwidth',
  'hidden_signs',
  'id_lower_x',
  'km_unit',
  'leading_zero_lost',
  'newline_in_cell',
  'newline_trailing',
  'number_cell',
  'phone_area_code_added',
  'phone_dashes',
  'phone_decimal',
  'phone_number_cell',
  'phone_plus86',
  'phone_scientific_full',
  'phone_spaces',
  'phone_two',
  'phone_zero_lost',
  'plate_inner_space',
  'plate_lower',
  'plate_middle_dot',
  'plate_no_province',
  'plate_placeholder',
  'space_edges',
  'space_inside_name',
  'vin_letters',
  'vin_lower',
  'vin_spaces',
] as const;
export type Mend = (typeof MENDS)[number];

/** Doubtful or dropped; refuses the row where the field is required. `delivery_ahead`: the car of an order that is still to be delivered. `kept_by_hand`: a person has changed the value since the last import. `id_withdrawn`: the customer has taken back the consent to keep his number. `date_1900` and `date_zero` mean empty: only a required date minds. */
export const FAULTS = [
  'amount_unreadable',
  'date_1900',
  'date_feb31',
  'date_future',
  'date_unreadable',
  'date_zero',
  'delivery_ahead',
  'empty_category',
  'empty_lead_field',
  'empty_name',
  'empty_order_no',
  'empty_phone',
  'empty_required_date',
  'empty_vin',
  'empty_vin_and_plate',
  'id_digit_missing',
  'id_number_cell',
  'id_withdrawn',
  'id_wrong_check',
  'kept_by_hand',
  'name_char_lost',
  'number_unreadable',
  'phone_digit_missing',
  'phone_scientific_lossy',
  'phone_unreadable',
  'plate_unreadable',
  'undecodable_character',
  'vin_16',
  'vin_characters',
  'vin_wrong_check',
] as const;
export type Fault = (typeof FAULTS)[number];
export type ReasonCode = Mend | Fault;

/** Something said about one cell: mended, warned about (value dropped or kept in doubt), or the reason for refusing the row. */
export interface Finding {
  readonly severity: 'mended' | 'warned' | 'rejected';
  readonly code: ReasonCode;
  readonly field: FieldName;
}

export interface ReadVin {
  readonly vin: string;
  readonly check: VinCheck;
}

/** How the text of a field is read. */
export type FieldType = 'name' | 'phone' | 'plate' | 'vin' | 'date' | 'amount' | 'km' | 'count' | 'code' | 'id_number' | 'text' | 'yes_no';

export interface FieldSpec {
  readonly type: FieldType;
  /** The header a correction workbook and the wizard show for the field: the usual word of the trade. */
  readonly header: string;
  /** Other words for it; compared without case, blanks, punctuation and units. */
  readonly synonyms: readonly string[];
  readonly required?: true;
  /** The date of something that has happened, which cannot lie ahead. */
  readonly past?: true;
  /** What somebody wrote down, in several lines if need be: kept with every sign. */
  readonly note?: true;
  /** A time of day may stand beside the date: the value by this name is then the moment. */
  readonly moment?: 'deliveredAt';
}

function field<const T extends FieldType>(type: T, header: string, synonyms: readonly string[] = []): FieldSpec & { readonly type: T } {
  return { type, header, synonyms };
}
function required<const T extends FieldType>(type: T, header: string, synonyms: readonly string[] = []): FieldSpec & { readonly type: T } {
  return { type, header, synonyms, required: true };
}
function noted(header: string, synonyms: readonly string[]): FieldSpec & { readonly type: 'text' } {
  return { type: 'text', header, synonyms, note: true };
}
function happened(header: string, synonyms: readonly string[]): FieldSpec & { readonly type: 'date' } {
  return { type: 'date', header, synonyms, past: true };
}
function handedOver(header: string, synonyms: readonly string[]): FieldSpec & { readonly type: 'date' } {
  return { type: 'date', header, synonyms, past: true, moment: 'deliveredAt' };
}
function hasToHaveHappened(header: string, synonyms: readonly string[]): FieldSpec & { readonly type: 'date' } {
  return { type: 'date', header, synonyms, required: true, past: true };
}

const NAME = [
  '客户名称',
  '客户姓名',
  '姓名',
  '名称',
  '车主',
  '车主姓名',
  '车主名称',
  '客户',
  'name',
  'customer',
  'customer name',
  'full name',
  'owner',
  'owner name',
];
const PHONE = [
  '手机号码',
  '手机号',
  '手机',
  '电话',
  '联系电话',
  '电话号码',
  '联系方式',
  '移动电话',
  '车主电话',
  '客户电话',
  '联系手机',
  'phone',
  'phone number',
  'mobile',
  'mobile phone',
  'mobile number',
  'tel',
  'telephone',
  'cell',
  'contact number',
];
const PLATE = [
  '车牌号',
  '车牌',
  '车牌号码',
  '牌照',
  '牌照号',
  '牌照号码',
  '号牌',
  '号牌号码',
  'plate',
  'plate no',
  'plate number',
  'license plate',
  'licence plate',
  'registration number',
  'reg no',
];
const VIN = [
  '车架号',
  '车架号码',
  'VIN',
  'VIN码',
  'VIN号',
  '车辆识别代号',
  '车辆识别码',
  '车辆识别代码',
  '底盘号',
  'vin code',
  'vin number',
  'chassis no',
  'chassis number',
  'frame number',
];
const REMARK = ['备注', '备注信息', '备注说明', '说明', 'remark', 'remarks', 'note', 'notes', 'comment', 'comments'];
const SELLER = [
  '销售顾问',
  '销售员',
  '销售人员',
  '业务员',
  '跟进人',
  '顾问',
  'sales consultant',
  'sales advisor',
  'salesperson',
  'consultant',
  'sales rep',
  'seller',
];
const ADVISOR = [
  '服务顾问',
  'SA',
  '接待员',
  '接车员',
  '最后维修顾问名称',
  '维修顾问',
  '最后服务顾问',
  'service advisor',
  'advisor',
  'service adviser',
  'last service advisor',
];
const COLOUR = ['颜色', '车身颜色', '车色', 'colour', 'color', 'body colour', 'body color'];
const MODEL = [
  '车型',
  '厂牌车型信息',
  '厂牌车型',
  '品牌型号',
  '购买车型',
  '车辆型号',
  '品牌车型',
  '车系',
  'model',
  'vehicle model',
  'car model',
  'make and model',
  'vehicle',
];

/**
 * The fields of each kind of file, in the order a dealer's system usually exports them, which is also how a file without headers is read.
 *
 * Source: column sets of dealer systems in use; OTH-01; spec 08 Import.
 */
export const FIELDS = {
  customers: {
    name: required('name', '客户名称', NAME),
    phone: required('phone', '手机号码', PHONE),
    plate: field('plate', '车牌号', PLATE),
    vin: field('vin', '车架号', VIN),
    address: field('text', '地址', ['联系地址', '家庭住址', '住址', '通讯地址', '详细地址', 'address', 'street', 'home address']),
    model: field('text', '厂牌车型信息', MODEL),
    engineNo: field('code', '发动机号', ['发动机号码', '引擎号', 'engine no', 'engine number']),
    inspectionDueOn: field('date', '年审到期日期', [
      '年检到期日',
      '年检到期日期',
      '年审到期日',
      '年检日期',
      '年审日期',
      'inspection due',
      'annual inspection due',
      'inspection expiry',
      'mot due',
    ]),
    commercialInsuranceDueOn: field('date', '商业险到期日期', [
      '商业险到期日',
      '商业险日期',
      '保险日期',
      '保险到期日',
      '保险到期日期',
      'commercial insurance due',
      'commercial insurance expiry',
      'insurance due',
      'insurance expiry',
    ]),
    compulsoryInsuranceDueOn: field('date', '交强险到期日期', [
      '交强险到期日',
      '交强险日期',
      'compulsory insurance due',
      'compulsory insurance expiry',
    ]),
    colour: field('text', '颜色', COLOUR),
    licenceIssuedOn: happened('驾驶证发证日期', [
      '领证日期',
      '驾照发证日期',
      '初次领证日期',
      'licence issued',
      'license issued',
      'driving licence issued',
      'driver license date',
    ]),
    lastServiceOn: happened('上次保养日期', [
      '上次保养时间',
      '最近保养日期',
      'last service date',
      'last maintenance date',
      'last service',
      'last maintenance',
    ]),
    nextServiceOn: field('date', '下次保养日期', [
      '下次保养时间',
      'next service date',
      'next maintenance date',
      'next service',
      'next maintenance',
      'service due',
    ]),
    nextServiceKm: field('km', '下次保养里程', [
      '下次保养公里数',
      '下次保养公里',
      'next service mileage',
      'next maintenance mileage',
      'next service km',
    ]),
    lastMileageKm: field('km', '最近进店里程', [
      '最近里程',
      '当前里程',
      '里程',
      '行驶里程',
      'last mileage',
      'mileage',
      'odometer',
      'current mileage',
    ]),
    lastArrivedOn: happened('最近进店日期', [
      '最近来店日期',
      '最近进厂日期',
      '最后进厂日期',
      '最近到店日期',
      'last visit',
      'last visit date',
      'last arrival',
    ]),
    lastLeftOn: happened('最近离店日期', [
      '最近出店日期',
      '最近出厂日期',
      '最后出厂日期',
      'last departure',
      'last leave date',
      'last out date',
    ]),
    advisor: field('text', '最后维修顾问名称', ADVISOR),
    visitCount: field('count', '来厂次数', ['进店次数', '到店次数', '进厂次数', '来店次数', 'visits', 'visit count', 'number of visits']),
    spentFen: field('amount', '消费金额', ['累计消费', '累计消费金额', '消费总额', 'total spent', 'amount spent', 'spend', 'total amount']),
    remark: noted('备注', REMARK),
    externalId: field('code', '客户编号', [
      '客户编码',
      '客户代码',
      '客户ID',
      'customer id',
      'customer no',
      'customer number',
      'external id',
    ]),
  },
  sales: {
    sequenceNo: field('count', '序号', ['No.', '编号', '行号', 'seq', 'index', 'line', '#']),
    orderedOn: hasToHaveHappened('订单日期', [
      '签约日期',
      '签单日期',
      '订购日期',
      '下订日期',
      '合同日期',
      'order date',
      'ordered on',
      'contract date',
      'date of order',
    ]),
    deliveredOn: handedOver('交车日期', ['提车日期', '交付日期', 'delivery date', 'delivered on', 'handover date']),
    name: required('name', '客户姓名', NAME),
    idNumber: field('id_number', '证件号码', [
      '身份证号',
      '身份证号码',
      '身份证',
      '证件号',
      'id number',
      'id no',
      'id card',
      'identity number',
      'national id',
    ]),
    phone: required('phone', '联系电话', PHONE),
    model: field('text', '车型', MODEL),
    colour: field('text', '车身颜色', COLOUR),
    vin: field('vin', '车架号', VIN),
    priceFen: field('amount', '成交价', [
      '成交金额',
      '成交价格',
      '销售价',
      '售价',
      '车价',
      '合同金额',
      'price',
      'deal price',
      'selling price',
      'sale price',
      'amount',
    ]),
    payment: field('text', '付款方式', ['购车方式', '支付方式', 'payment', 'payment method', 'payment type']),
    seller: field('text', '销售顾问', SELLER),
    source: field('text', '客户来源', ['信息来源', '来源', '来源渠道', '渠道', 'source', 'lead source', 'channel']),
    insurer: field('text', '保险公司', ['承保公司', 'insurer', 'insurance company']),
    insuranceDueOn: field('date', '保险到期日', [
      '保险日期',
      '保险到期日期',
      '商业险到期日期',
      'insurance due',
      'insurance expiry',
      'insurance expiry date',
    ]),
    remark: noted('备注', REMARK),
  },
  service: {
    orderNo: required('code', '工单号', [
      '委托书号',
      '工单编号',
      '工单',
      '维修单号',
      '结算单号',
      '单号',
      '施工单号',
      'work order',
      'work order no',
      'work order number',
      'repair order',
      'repair order number',
      'ro number',
      'ro no',
      'order no',
      'order number',
    ]),
    arrivedOn: hasToHaveHappened('进厂日期', [
      '来厂日期',
      '进店日期',
      '来店日期',
      '接车日期',
      '开单日期',
      '进厂时间',
      'arrival date',
      'arrived on',
      'date in',
      'check-in date',
      'opened on',
      'visit date',
    ]),
    leftOn: happened('出厂日期', [
      '离厂日期',
      '出店日期',
      '离店日期',
      '出厂时间',
      '交车日期',
      'departure date',
      'left on',
      'date out',
      'check-out date',
    ]),
    plate: field('plate', '车牌号', PLATE),
    vin: field('vin', '车架号', VIN),
    name: field('name', '客户名称', NAME),
    phone: field('phone', '手机号码', PHONE),
    category: required('text', '维修类别', [
      '业务类型',
      '维修类型',
      '维修种类',
      '服务类型',
      '修理类别',
      '工单类型',
      'category',
      'service category',
      'service type',
      'job type',
      'repair type',
    ]),
    mileageKm: field('km', '进厂里程', ['行驶里程', '里程', '进店里程', '公里数', 'mileage', 'odometer', 'km', 'mileage in']),
    advisor: field('text', '服务顾问', ADVISOR),
    team: field('text', '班组', ['维修班组', '维修组', '班组名称', 'team', 'workshop team', 'crew']),
    labourFen: field('amount', '工时费', [
      '工时金额',
      '工时费用',
      '人工费',
      'labour',
      'labor',
      'labour cost',
      'labor cost',
      'labour amount',
      'labor amount',
    ]),
    partsFen: field('amount', '材料费', ['配件金额', '材料金额', '配件费', '零件费', 'parts', 'parts cost', 'parts amount', 'material']),
    discountFen: field('amount', '优惠金额', ['折扣金额', '优惠', '折让', '减免金额', 'discount', 'discount amount']),
    receivedFen: field('amount', '实收金额', [
      '实收',
      '实付金额',
      '收款金额',
      '结算金额',
      'received',
      'amount received',
      'paid',
      'amount paid',
      'net amount',
    ]),
    settledOn: happened('结算日期', ['结账日期', '结算时间', '收款日期', 'settlement date', 'settled on', 'paid on', 'invoice date']),
  },
  leads: {
    registeredOn: happened('登记日期', [
      '建档日期',
      '录入日期',
      '创建日期',
      '留档日期',
      '登记时间',
      'registered on',
      'registration date',
      'created',
      'created on',
      'enquiry date',
      'inquiry date',
      'lead date',
    ]),
    name: required('name', '客户姓名', NAME),
    gender: field('text', '性别', ['称谓', 'gender', 'sex', 'title', 'salutation']),
    phone: required('phone', '联系电话', PHONE),
    province: field('text', '省份', ['省', '所在省', '所在省份', 'province', 'state']),
    city: field('text', '城市', ['市', '所在市', '所在城市', 'city']),
    model: field('text', '意向车型', [
      '关注车型',
      '意向车系',
      '感兴趣车型',
      '拟购车型',
      ...MODEL,
      'model of interest',
      'interested model',
      'intended model',
    ]),
    purchaseHorizon: field('text', '预计购车时间', [
      '拟购时间',
      '计划购车时间',
      '购车时间',
      '预购时间',
      'purchase time',
      'expected purchase',
      'purchase horizon',
      'timing',
      'planned purchase',
    ]),
    level: field('text', '意向级别', ['级别', '客户级别', '意向等级', '等级', 'level', 'grade', 'lead level', 'temperature']),
    source: field('text', '来源渠道', ['线索来源', '客户来源', '信息来源', '来源', '渠道', 'source', 'lead source', 'channel']),
    seller: field('text', '销售顾问', SELLER),
    lastFollowedOn: happened('最近跟进日期', [
      '上次跟进时间',
      '最近跟进时间',
      '最后跟进日期',
      '跟进日期',
      'last follow-up',
      'last followed on',
      'last follow-up date',
      'last contact',
    ]),
    followUp: noted('跟进内容', [
      '跟进记录',
      '跟进情况',
      '跟进备注',
      '沟通内容',
      'follow-up',
      'follow-up notes',
      'notes',
      'remark',
      'follow up content',
    ]),
    testDriven: field('yes_no', '是否试驾', ['试驾', '已试驾', '是否试乘试驾', 'test drive', 'test driven', 'test-drive']),
  },
} as const satisfies Record<FileKind, Record<string, FieldSpec>>;

export type FieldOf<K extends FileKind> = keyof (typeof FIELDS)[K] & string;
export type FieldName = { [K in FileKind]: FieldOf<K> }[FileKind];

/** Leads should have these; an empty one is reported, not refused. */
export const LEAD_FIELDS = ['gender', 'province', 'city', 'model', 'purchaseHorizon'] as const satisfies readonly FieldOf<'leads'>[];

/** The value each field type has after reading; `null` where the cell is empty or was dropped. */
export interface FieldValues {
  readonly name: string | null;
  readonly phone: readonly Phone[];
  readonly plate: string | null;
  readonly vin: ReadVin | null;
  readonly date: CivilDate | null;
  readonly amount: Fen | null;
  readonly km: number | null;
  readonly count: number | null;
  readonly code: string | null;
  readonly id_number: string | null;
  readonly text: string | null;
  readonly yes_no: boolean | null;
}

/** A row after reading: every field of its kind, empty ones as `null` (phones as an empty list). */
export type RowValues<K extends FileKind> = {
  readonly [F in FieldOf<K>]: (typeof FIELDS)[K][F] extends { readonly type: infer T extends FieldType } ? FieldValues[T] : never;
};
export type CustomersRow = RowValues<'customers'>;
/** Beside the day of the delivery stands its moment, where the cell told the time. */
export type SalesRow = RowValues<'sales'> & { readonly deliveredAt: Instant | null };
export type ServiceRow = RowValues<'service'>;
export type LeadsRow = RowValues<'leads'>;
export type AnyRow =
  | { readonly kind: 'customers'; readonly values: CustomersRow }
  | { readonly kind: 'sales'; readonly values: SalesRow }
  | { readonly kind: 'service'; readonly values: ServiceRow }
  | { readonly kind: 'leads'; readonly values: LeadsRow };

/** What an import needs to know of the store. */
export interface ImportPolicy {
  /** Province sign of plates written without one, 苏. */
  readonly homeProvince: string;
  /** Area code of local landlines, 0512. */
  readonly areaCode: string;
  /** Where its wall clock stands: times of day in the files are of it. */
  readonly zone: TimeZone;
  /** The day there on which the files are read. */
  readonly today: CivilDate;
}

/** What a column is recognised by before the store is asked: of any day it may turn out that it has been. */
export const DEFAULT_POLICY: ImportPolicy = { homeProvince: '苏', areaCode: '0512', zone: 'Asia/Shanghai' as TimeZone, today: LAST_DAY };

/** What is usual in a column, learnt from its first rows: the form in which a cell counts as clean. */
export interface ColumnHabit {
  /** `date_cell` is a number shown as a date. */
  readonly cells: 'text' | 'number' | 'date_cell';
  /** Digits of codes that begin with zero and are all of one length: one that lost its zeros gets them back. */
  readonly codeDigits: number | null;
}

/** Which column holds which field. A field stands in one column at most; columns without a field are left alone. */
export interface ColumnMapping {
  readonly kind: FileKind;
  /** The row with the headers; `null` when the data begins at once. */
  readonly headerRow: number | null;
  readonly firstDataRow: number;
  readonly columns: readonly MappedColumn[];
}
export interface MappedColumn {
  readonly header: string;
  readonly field: FieldName | null;
  /** `header`: the word is known; `content`: guessed from what the cells look like; `position`: no headers, usual order; `person`: set by hand. */
  readonly by: 'header' | 'content' | 'position' | 'person' | 'unknown';
}

/** Why a file is not read, or not read on. */
export const READER_REFUSALS = [
  'imports.file_missing',
  'imports.file_is_folder',
  'imports.file_forbidden',
  'imports.file_empty',
  'imports.file_too_large',
  'imports.unpacked_too_large',
  'imports.too_many_entries',
  'imports.too_many_rows',
  'imports.too_many_columns',
  'imports.cell_too_long',
  'imports.not_a_workbook',
  'imports.workbook_encrypted_or_old',
  'imports.workbook_unsafe',
  'imports.encoding_unknown',
  'imports.too_much_memory',
  'imports.too_slow',
  'imports.reader_failed',
] as const;
export type ReaderRefusal = (typeof READER_REFUSALS)[number];

/** Why an import, or one of its files, is not taken. */
export type ImportRefusal =
  | ReaderRefusal
  | 'imports.unknown_file'
  | 'imports.column_missing'
  | 'imports.busy'
  | 'imports.failed'
  | 'imports.not_waiting'
  | 'imports.files_gone'
  | 'imports.not_running'
  | 'imports.not_done'
  | 'imports.no_rejections';
