import { describe, expect, it } from 'vitest';
import { plateKind, readPlate } from './plate.ts';
import { readVin, vinCheckDigit } from './vin.ts';

describe('reading a VIN', () => {
  it.each([
    { name: 'sound, Chinese', text: 'LSGYGVLM4MY661911', vin: 'LSGYGVLM4MY661911', check: 'valid', corrected: false },
    { name: 'lower case with blanks', text: ' lsgy gvlm4my661911 ', vin: 'LSGYGVLM4MY661911', check: 'valid', corrected: false },
    { name: 'letter I for one', text: 'LSGYGVLM4MY66I911', vin: 'LSGYGVLM4MY661911', check: 'valid', corrected: true },
    { name: 'letter O for zero', text: 'LSG4RONT4RX914433', vin: 'LSG4R0NT4RX914433', check: 'valid', corrected: true },
    { name: 'one sign mistyped', text: 'LSG12BJZ6PS608999', vin: 'LSG12BJZ6PS608999', check: 'wrong_check_digit', corrected: false },
    { name: 'North American, check digit X', text: '1M8GDM9AXKP042788', vin: '1M8GDM9AXKP042788', check: 'valid', corrected: false },
    { name: 'Japanese, which has none', text: 'JTHBYY979GY754424', vin: 'JTHBYY979GY754424', check: 'no_check_digit', corrected: false },
  ])('$name', ({ name: _name, text, ...wanted }) => {
    expect(readVin(text)).toEqual({ ok: true, ...wanted });
  });

  it.each([
    { name: '16 signs', text: 'LSGJPBFL9GN86118', refusal: 'vehicles.vin_length' },
    { name: '18 signs', text: 'LSGYGVLM4MY6619111', refusal: 'vehicles.vin_length' },
    { name: 'a Q', text: 'LSGYGVLM4MQ661911', refusal: 'vehicles.vin_characters' },
    { name: 'a Chinese sign', text: 'LSGYGVLM4M苏661911', refusal: 'vehicles.vin_characters' },
    { name: 'nothing', text: '', refusal: 'vehicles.vin_length' },
  ])('refuses $name', ({ text, refusal }) => {
    expect(readVin(text)).toEqual({ ok: false, refusal });
  });

  it('finds every mistyped sign of a checked VIN but those of the same value', () => {
    expect(vinCheckDigit('11111111111111111')).toBe('1');
  });
});

describe('reading a plate', () => {
  it.each([
    { name: 'blue', text: '苏E12345', plate: '苏E12345', kind: 'standard', provinceAdded: false },
    { name: 'lower case with a dot', text: '苏e·3050b', plate: '苏E3050B', kind: 'standard', provinceAdded: false },
    { name: 'a blank inside', text: '浙F X509R', plate: '浙FX509R', kind: 'standard', provinceAdded: false },
    { name: 'without province', text: 'E5W809', plate: '苏E5W809', kind: 'standard', provinceAdded: true },
    { name: 'new energy, small car', text: '沪AD12345', plate: '沪AD12345', kind: 'new_energy', provinceAdded: false },
    { name: 'new energy, large vehicle', text: '沪A12345F', plate: '沪A12345F', kind: 'new_energy', provinceAdded: false },
    { name: 'learner', text: '苏E1234学', plate: '苏E1234学', kind: 'special', provinceAdded: false },
    { name: 'Hong Kong', text: '粤Z1234港', plate: '粤Z1234港', kind: 'special', provinceAdded: false },
  ])('$name', ({ name: _name, text, ...wanted }) => {
    expect(readPlate(text, '苏')).toEqual({ ok: true, ...wanted });
  });

  it.each(['未上牌', '无牌', '新车', '暂无', '-'])('%s means none', (text) => {
    expect(readPlate(text, '苏')).toEqual({ ok: false, refusal: 'vehicles.plate_not_registered' });
  });

  it.each(['苏E1234', '苏E123456', 'X苏12345', '苏EI2345', '12345'])('refuses %s', (text) => {
    expect(readPlate(text, '苏')).toEqual({ ok: false, refusal: 'vehicles.plate_format' });
    expect(plateKind(text)).toBeUndefined();
  });
});
