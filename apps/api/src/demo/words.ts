/** Surnames by their share of the population, per mille. */
export const SURNAMES: readonly (readonly [string, number])[] = [
  ['王', 72], ['李', 72], ['张', 68], ['刘', 54], ['陈', 45], ['杨', 31], ['黄', 22], ['赵', 20], ['周', 22], ['吴', 21],
  ['徐', 18], ['孙', 15], ['朱', 16], ['马', 13], ['胡', 13], ['郭', 11], ['林', 11], ['何', 10], ['高', 10], ['梁', 8],
  ['郑', 8], ['罗', 8], ['宋', 8], ['谢', 7], ['唐', 7], ['韩', 6], ['曹', 7], ['许', 7], ['邓', 6], ['萧', 3],
  ['冯', 6], ['曾', 5], ['程', 5], ['蔡', 5], ['彭', 5], ['潘', 6], ['袁', 5], ['于', 5], ['董', 5], ['余', 5],
  ['苏', 4], ['叶', 5], ['吕', 4], ['魏', 5], ['蒋', 6], ['田', 4], ['杜', 4], ['丁', 5], ['沈', 12], ['姜', 4],
  ['范', 5], ['江', 4], ['傅', 3], ['钟', 4], ['卢', 3], ['汪', 4], ['戴', 4], ['崔', 3], ['任', 4], ['陆', 11],
  ['廖', 3], ['姚', 6], ['方', 4], ['金', 7], ['邱', 3], ['夏', 4], ['谭', 3], ['韦', 2], ['贾', 3], ['邹', 3],
  ['石', 3], ['熊', 2], ['孟', 2], ['秦', 3], ['阎', 2], ['薛', 3], ['侯', 2], ['雷', 2], ['白', 2], ['龙', 2],
  ['段', 2], ['郝', 2], ['孔', 2], ['邵', 3], ['史', 2], ['毛', 3], ['常', 2], ['万', 2], ['顾', 9], ['赖', 2],
  ['武', 2], ['康', 2], ['贺', 2], ['严', 3], ['尹', 2], ['钱', 6], ['施', 5], ['牛', 1], ['洪', 2], ['龚', 3],
  ['单', 1], ['仇', 1], ['解', 1], ['欧阳', 2], ['司徒', 1], ['上官', 1],
];

type Given = { readonly male: readonly string[]; readonly female: readonly string[] };
/** Given names as each generation has them, by the decade of birth; the last row serves everybody younger. */
export const GIVEN: readonly { readonly before: number; readonly names: Given }[] = [
  {
    before: 1975,
    names: {
      male: ['建国', '国强', '志明', '建华', '卫东', '国庆', '永强', '建平', '志强', '文明', '德明', '学军', '建军', '海涛', '国平', '根生', '水根', '正荣', '伟民', '荣华', '军', '勇', '平', '明', '刚', '强', '斌', '林生', '金龙', '福根'],
      female: ['秀英', '桂兰', '玉兰', '秀珍', '淑珍', '美华', '丽华', '建英', '月英', '爱华', '玉梅', '红', '敏', '萍', '琴', '霞', '燕', '芳', '惠芳', '林妹', '阿珍', '雪珍', '菊芳', '凤英'],
    },
  },
  {
    before: 1990,
    names: {
      male: ['伟', '磊', '军', '勇', '杰', '涛', '超', '鹏', '斌', '波', '辉', '刚', '健', '亮', '俊', '峰', '志伟', '晓东', '文斌', '海波', '建伟', '剑锋', '晓峰', '志刚', '明辉', '春雷', '永刚', '国华', '卫星', '小军', '宏伟', '旭东'],
      female: ['芳', '娜', '敏', '静', '丽', '艳', '娟', '霞', '燕', '玲', '婷', '洁', '莉', '萍', '红梅', '晓燕', '丽娟', '海燕', '春燕', '小红', '雪芬', '文娟', '秋萍', '亚萍', '晓红', '丽萍', '建芬', '慧', '颖'],
    },
  },
  {
    before: 2100,
    names: {
      male: ['浩', '宇', '晨', '鑫', '凯', '博', '文杰', '浩然', '子轩', '俊杰', '天宇', '志鹏', '宇航', '嘉豪', '明轩', '思远', '一鸣', '家伟', '皓', '逸飞', '星宇', '泽宇', '睿', '鸣', '恺', '骏', '文涛', '立群'],
      female: ['欣怡', '雨婷', '思琪', '佳怡', '梦瑶', '子涵', '诗雨', '晓彤', '雪', '倩', '悦', '琳', '佳', '雯', '蕾', '梦洁', '紫薇', '雅婷', '嘉欣', '玥', '可欣', '若曦', '静怡', '慧敏', '怡宁', '依琳'],
    },
  },
];

/** The brand is invented; so are its models. `share` is of the cars sold, `price` in yuan. */
export const BRAND = '曜岚';
export type Model = { readonly name: string; readonly share: number; readonly price: number; readonly code: string; readonly electric: boolean; readonly from: number; readonly configurations: readonly string[] };
export const MODELS: readonly Model[] = [
  { name: '曜岚 S3', share: 26, price: 112_800, code: 'LYRSA', electric: false, from: 2013, configurations: ['1.5L 舒适版', '1.5T 豪华版'] },
  { name: '曜岚 S5', share: 18, price: 168_800, code: 'LYRSB', electric: false, from: 2013, configurations: ['1.5T 豪华版', '2.0T 尊贵版'] },
  { name: '曜岚 X3', share: 24, price: 139_800, code: 'LYRXA', electric: false, from: 2015, configurations: ['1.5T 两驱舒适版', '1.5T 两驱豪华版'] },
  { name: '曜岚 X5', share: 16, price: 209_800, code: 'LYRXB', electric: false, from: 2016, configurations: ['2.0T 两驱豪华版', '2.0T 四驱旗舰版'] },
  { name: '曜岚 M6', share: 7, price: 238_800, code: 'LYRMA', electric: false, from: 2018, configurations: ['2.0T 七座豪华版', '2.0T 七座尊享版'] },
  { name: '曜岚 e3', share: 9, price: 156_800, code: 'LYREA', electric: true, from: 2020, configurations: ['430 公里标准版', '560 公里长续航版'] },
];
export const OTHER_CARS: readonly string[] = ['轻型货车', '商务车', '中型客车', '厢式货车', '小型轿车'];
export const COLOURS: readonly (readonly [string, number])[] = [['珠光白', 38], ['曜石黑', 20], ['星空灰', 16], ['冰川银', 10], ['深海蓝', 8], ['赤霞红', 6], ['松林绿', 2]];

export const DISTRICTS: readonly (readonly [string, number, readonly string[]])[] = [
  ['姑苏区', 22, ['平门街', '学士里', '枫香路', '彩云桥弄', '南园路', '胥水路']],
  ['虎丘区', 16, ['滨河北路', '科研路', '竹苑路', '狮林大道', '泰山东路']],
  ['吴中区', 18, ['越溪北街', '木渎南路', '东吴里', '太湖渔港路', '苏蠡街']],
  ['相城区', 12, ['阳澄中街', '元和北路', '御窑东路', '活力岛路']],
  ['吴江区', 14, ['鲈乡东路', '流虹南路', '运河西路', '笠泽新街']],
  ['工业园区', 18, ['星湖东街', '现代里', '独墅南路', '唯亭中街', '月亮湾北路']],
];
export const ESTATES: readonly string[] = ['花园', '新村', '雅苑', '名邸', '水岸', '华庭', '家园', '公馆'];
export const ESTATE_NAMES: readonly string[] = ['枫桥', '金鸡', '湖滨', '桂花', '新港', '彩香', '玲珑', '翡翠', '银杏', '香樟', '万和', '东方', '青年', '康阳'];

export const OCCUPATIONS: readonly string[] = ['企业职员', '个体经营', '教师', '医护人员', '工程师', '公务员', '自由职业', '企业主', '技术工人', '退休', '销售', '财务'];
export const SOURCES: readonly (readonly [string, number])[] = [['自然到店', 34], ['网络', 24], ['老客户介绍', 17], ['来电', 10], ['车展', 8], ['大客户开发', 3], ['外拓', 4]];
export const CONTACT_TIMES: readonly string[] = ['workday 18:00-20:00', 'any 10:00-12:00', 'weekend 10:00-18:00', 'any 14:00-17:00'];
export const INSURERS: readonly string[] = ['东吴财险', '江南财险', '太湖财险', '远望财险', '众信财险'];
export const PAYMENTS: readonly (readonly [string, number])[] = [['全款', 42], ['银行按揭', 33], ['厂家金融', 25]];

export const COMPANY_NAMES: readonly string[] = ['恒达', '瑞丰', '吴越', '苏美', '金石', '宏图', '太湖', '众诚', '永兴', '华新', '天成', '嘉禾', '锦程', '东璟', '泰和', '信达', '汇通', '盛源', '佳联', '远航'];
export const COMPANY_TRADES: readonly string[] = ['精密机械', '物流', '电子科技', '建筑工程', '商贸', '汽车租赁', '物业管理', '纺织', '医疗器械', '环保科技'];
export const JOB_TITLES: readonly string[] = ['行政主管', '车队长', '采购经理', '总经理', '财务主管'];

export const DIFFICULT_REASONS: readonly string[] = [
  '多次以投诉要求免单，沟通须由经理出面并留存记录',
  '曾在展厅辱骂接待人员，到店请通知服务经理',
  '对保修范围有长期争议，法务已介入，勿作口头承诺',
  '要求所有联系只通过微信，电话联系会投诉',
  '上次维修拒付工时费，结算前请先确认报价签字',
  '多次爽约，预约须提前一天再次确认',
  '要求更换过三位服务顾问，固定由主管接待',
];
export const OBSERVATIONS: readonly (readonly [string, string])[] = [
  ['car_use', '每天往返园区上班，单程约三十公里'],
  ['family', '家里添了二宝，想了解七座车型'],
  ['preference', '喜欢周六上午来保养，等候时要安静的位置'],
  ['preference', '对价格敏感，优惠活动请提前告知'],
  ['hobby', '爱好自驾，国庆准备去川西'],
  ['hobby', '车友会骨干，愿意参加店内活动'],
  ['opinion', '觉得车机反应慢，希望升级系统'],
  ['opinion', '对上次洗车质量不满意，本次已说明'],
  ['family', '平时由妻子开车，联系请打她的手机'],
  ['car_use', '车子主要跑高速，轮胎磨损较快'],
  ['referral', '介绍同事来看过 X5'],
  ['plan', '考虑明年换电动车，关注置换补贴'],
];

/** What customers complain of, by kind: words, department, and what was done. */
export const GRIEVANCES: readonly { readonly kind: string; readonly content: string; readonly solution: string; readonly cause: string; readonly goodwillYuan: number }[] = [
  { kind: 'service.waiting', content: '预约九点保养，等到十一点才进车间，没有人说明原因', solution: '当面致歉，说明当日举升机故障，赠送一次洗车', cause: '预约与工位没有对上，前台未及时告知', goodwillYuan: 60 },
  { kind: 'service.workmanship', content: '换完刹车片后低速有异响，怀疑没有装好', solution: '当天回厂检查，重新打磨并润滑导向销，试车正常', cause: '装配时导向销未润滑', goodwillYuan: 0 },
  { kind: 'service.price', content: '结算比报价多出三百多元，事先没有征得同意', solution: '退还未经确认的项目费用，服务顾问重新讲解清单', cause: '追加项目未取得客户确认', goodwillYuan: 320 },
  { kind: 'service.attitude', content: '服务顾问说话不耐烦，问了两次都不解释项目', solution: '由主管登门道歉，更换服务顾问', cause: '高峰时段接待人手不足，顾问情绪失当', goodwillYuan: 0 },
  { kind: 'service.parts', content: '订的前保险杠说三天到，已经等了十天', solution: '协调兄弟店调货，次日装车并减免工时费', cause: '配件在途信息没有跟踪', goodwillYuan: 200 },
  { kind: 'service.promise', content: '答应今天下午四点交车，到店发现还没喷漆', solution: '提供代步车，次日中午送车上门', cause: '钣喷排期没有同步给前台', goodwillYuan: 150 },
  { kind: 'service.workmanship', content: '补漆有明显色差，阳光下很难看', solution: '整面重新喷涂，客户验收认可', cause: '调漆未按老化漆面修正', goodwillYuan: 0 },
  { kind: 'service.other', content: '洗车后内饰脚垫没有擦干，有异味', solution: '重新做内饰清洁并赠送空调滤芯', cause: '洗车终检遗漏', goodwillYuan: 80 },
  { kind: 'sales.promise', content: '说好交车时送的行车记录仪一直没有装', solution: '当天安排加装，并道歉', cause: '赠品未登记在交车单', goodwillYuan: 0 },
  { kind: 'sales.delivery', content: '交车时间改了三次，请了假白跑一趟', solution: '确定交车日期并上门送车，赠送两次基础保养', cause: '在途车辆到店时间估计过早', goodwillYuan: 600 },
  { kind: 'sales.attitude', content: '签完合同以后顾问就不回信息了', solution: '更换销售顾问，经理每日回复进度', cause: '顾问休假没有交接', goodwillYuan: 0 },
  { kind: 'sales.vehicle', content: '新车提回家发现右后门有一处划痕', solution: '免费修复并延长该部位漆面质保', cause: '交车前检查遗漏', goodwillYuan: 300 },
];
export const VERDICTS: readonly string[] = ['客户表示满意', '客户接受处理结果，同意结案', '客户认可，表示愿意继续来店', '客户满意，感谢及时处理'];
export const RESPONSES: readonly string[] = ['已电话致歉，了解经过，承诺当天给出方案', '已与客户通话，约定到店检查', '已联系客户，说明处理流程和时间', '已回电，安排专人跟进'];

export const CALL_NOTES: Readonly<Record<'good' | 'fair' | 'none', readonly string[]>> = {
  good: ['车况良好，对服务满意', '使用正常，感谢回访', '对接待和维修质量都满意', '一切正常，下次保养再约', '客户很满意，愿意推荐朋友', '提车后使用顺手，没有疑问'],
  fair: ['觉得等候时间偏长', '费用说明不够清楚，已重新解释', '清洗不够干净，已记录', '对等候区环境有意见'],
  none: ['无人接听', '关机', '正在开会，稍后再打', '占线'],
};
export const INVITATION_NOTES: readonly string[] = ['已约到店时间', '知道了，近期会来', '最近出差，下月再说', '已在别处做过保养', '里程还没到，到了再联系'];
export const LEAD_NOTES: readonly string[] = ['到店看过现车，比较关注油耗', '电话咨询价格，约周末试驾', '已试驾，等家人商量', '对比同级车型，关注置换补贴', '预算有限，关注金融方案', '已报价，等年底活动'];
