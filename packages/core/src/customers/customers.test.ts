import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idCardCheckDigit, maskIdNumber, readIdNumber } from './id-card.ts';
import { foldPinyin, namePinyin, nameKey, tidyName } from './names.ts';
import { formatPhone, maskPhone, readPhone } from './phone.ts';
import { searchQuery, searchTokens } from './search-tokens.ts';

describe('reading a phone', () => {
  it.each([
    ['13812345678', '+8613812345678'],
    ['138-1234-5678', '+8613812345678'],
    ['+86 138 1234 5678', '+8613812345678'],
    ['0086-13812345678', '+8613812345678'],
    ['(+86)13812345678', '+8613812345678'],
    ['8613812345678', '+8613812345678'],
    ['１３８１２３４５６７８', '+8613812345678'],
    ['13812345678.0', '+8613812345678'],
    ['1.3812345678E+10', '+8613812345678'],
    ['0512-67654321', '+8651267654321'],
    ['\u202d138 1234 5678\u202c', '+8613812345678'],
    ['51267654321', '+8651267654321'],
    ['67654321', '+8651267654321'],
    ['021-67901271', '+862167901271'],
    ['025-1234567', '+86251234567'],
    ['010-12345678', '+861012345678'],
    ['400-820-1234', '+864008201234'],
    ['+852 9123 4567', '+85291234567'],
    ['19912345678', '+8619912345678'],
  ])('%s', (text, e164) => {
    expect(readPhone(text, '0512')).toMatchObject({ ok: true, phone: { e164 } });
  });

  it.each([
    { text: '1381234567', refusal: 'customers.phone_digits' },
    { text: '138123456789', refusal: 'customers.phone_digits' },
    { text: '12812345678', refusal: 'customers.phone_digits' },
    { text: '025-123456', refusal: 'customers.phone_digits' },
    { text: '1.38E+10', refusal: 'customers.phone_scientific' },
    { text: '1.38123E+10', refusal: 'customers.phone_scientific' },
    { text: '无', refusal: 'customers.phone_format' },
  ])('refuses $text', ({ text, refusal }) => {
    expect(readPhone(text, '0512')).toEqual({ ok: false, refusal });
  });

  it('shows and masks', () => {
    expect([formatPhone('+8613812345678'), formatPhone('+8651267654321'), formatPhone('+862167901271')]).toEqual([
      '138 1234 5678',
      '0512-67654321',
      '021-67901271',
    ]);
    expect([maskPhone('+8613812345678'), maskPhone('+8651267654321')]).toEqual(['138****5678', '0512-****4321']);
  });
});

describe('reading an identity number', () => {
  it.each([
    {
      name: 'with check digit X in lower case',
      text: '32980719720520625x',
      number: '32980719720520625X',
      kind: 'id_card',
      bornOn: '1972-05-20',
      gender: 'male',
    },
    {
      name: 'full-width',
      text: '３２９８０６１９８５０７２９４８０４',
      number: '329806198507294804',
      kind: 'id_card',
      bornOn: '1985-07-29',
      gender: 'female',
    },
  ])('$name', ({ name: _name, text, ...wanted }) => {
    expect(readIdNumber(text)).toEqual({ ok: true, ...wanted });
  });

  it.each([
    { name: 'a digit missing', text: '32980619690106052', refusal: 'customers.id_length' },
    { name: 'a wrong check digit', text: '329806198507294805', refusal: 'customers.id_check_digit' },
    { name: '31 February', text: `32980619850231480${idCardCheckDigit('32980619850231480')}`, refusal: 'customers.id_birth_date' },
    { name: 'a letter O', text: '91320594MAO12345XO', refusal: 'customers.id_characters' },
  ])('refuses $name', ({ text, refusal }) => {
    expect(readIdNumber(text)).toEqual({ ok: false, refusal });
  });

  it('notices every single wrong digit', () => {
    const law = fc.property(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 9 }), (at, by) => {
      const first17 = '32980619850729480';
      const wrong = first17.slice(0, at) + String((Number(first17.charAt(at)) + by) % 10) + first17.slice(at + 1);
      return idCardCheckDigit(wrong) !== idCardCheckDigit(first17);
    });
    fc.assert(law, { seed: 1 });
  });

  it('masks the birth date', () => expect(maskIdNumber('329806198507294804')).toBe('329806********4804'));
});

describe('names', () => {
  it.each([
    ['  张　伟 ', '张伟'],
    ['林　娜华\n', '林娜华'],
    ['John  Smith', 'John Smith'],
    ['苏州昌翎纺织品有限公司(苏州)分公司', '苏州昌翎纺织品有限公司（苏州）分公司'],
    ['苏州"保客"公司', '苏州"保客"公司'],
    ['阿依古丽·买买提', '阿依古丽·买买提'],
  ])('tidies %j', (text, name) => expect(tidyName(text)).toBe(name));

  it('compares without width, case, blanks and signs nobody sees', () =>
    expect(nameKey('苏州（A）\u202e公\u200b司 ')).toBe(nameKey('苏州(a)公司')));

  it('leaves an emoji whole', () => expect(tidyName('王👨\u200d👩\u200d👧')).toBe('王👨\u200d👩\u200d👧'));

  it.each([
    ['刘春江', 'liuchunjiang', 'lcj'],
    ['单雄信', 'shanxiongxin', 'sxx'],
    ['曾国藩', 'zengguofan', 'zgf'],
    ['欧阳娜', 'ouyangna', 'oyn'],
  ])('spells %s', (name, full, initials) => expect(namePinyin(name)).toEqual({ full, initials }));

  it('folds what southern speakers do not tell apart', () => {
    expect(foldPinyin('zhangliang')).toBe(foldPinyin('zannian'));
    expect(foldPinyin('shichun')).toBe('sicun');
  });
});

describe('search', () => {
  const customer = { name: '刘春江', phones: ['+8613812345678'], plates: ['苏E12345'], vins: ['LSGYGVLM4MY661911'] };
  const tokens = searchTokens(customer);
  const finds = (term: string) => searchQuery(term).some(({ lower, upper }) => tokens.some((token) => token >= lower && token < upper));

  it.each([
    '刘春江',
    '春江',
    '江',
    '刘',
    'liuchunjiang',
    'liu',
    'chunjiang',
    'niucunjiang',
    'lcj',
    'LC',
    '13812345678',
    '+86 138 1234 5678',
    '+86-138-1234-5678',
    '(+86)13812345678',
    '0086 138 1234 5678',
    '0086-13812345678',
    '8613812345678',
    '86 138 1234 5678',
    '138 1234 5678',
    '138-1234-5678',
    '138–1234—5678',
    '138.1234.5678',
    '013812345678',
    '１３８１２３４５６７８',
    '＋８６　１３８ １２３４ ５６７８',
    '5678',
    '345678',
    '1234 5678',
    '１２３４－５６７８',
    '苏E12345',
    '苏e·12345',
    'E12345',
    '12345',
    '661911',
    'LSGYGVLM4MY661911',
    'my661911',
  ])('finds by %s', (term) => expect(finds(term)).toBe(true));

  it.each(['', ' ', '刘江', '王', 'zhang', '1381', '999', '浙E12345', 'WX661911'])('does not find by %j', (term) =>
    expect(finds(term)).toBe(false),
  );

  it.each([
    {
      name: 'whose end begins like the code of the country',
      phone: '+8613886345678',
      terms: ['86345678', '8634 5678', '13886345678', '+8613886345678'],
    },
    {
      name: 'of a landline',
      phone: '+8651267654321',
      terms: ['0512-67654321', '051267654321', '+86 512 6765 4321', '86-0512-67654321', '67654321'],
    },
    { name: 'of another country', phone: '+85291234567', terms: ['+852 9123 4567', '9123-4567'] },
  ])('finds a number $name', ({ phone, terms }) => {
    const held = searchTokens({ name: '王', phones: [phone], plates: [], vins: [] });
    const missed = terms.filter(
      (term) => !searchQuery(term).some(({ lower, upper }) => held.some((token) => token >= lower && token < upper)),
    );
    expect(missed).toEqual([]);
  });

  it('makes few tokens of a person', () => expect(tokens.length).toBeLessThanOrEqual(16));
});
