import { DownOutlined, UpOutlined } from '@ant-design/icons';
import { Button, Form } from 'antd';
import { useEffect, useState, type ReactElement } from 'react';
import { useUi } from './UiProvider.tsx';
import { usePhone } from './use-media.ts';

type Values = Readonly<Record<string, unknown>>;

/** One condition. A control that covers two values of the filter (a period) names both. */
export type QueryField<F> = {
  readonly label: string;
  readonly control: ReactElement;
} & ({ readonly name: keyof F & string } | { readonly names: readonly [keyof F & string, keyof F & string] });

type Props<F> = { readonly fields: readonly QueryField<F>[]; readonly value: F; readonly onChange: (value: F) => void };

const SHOWN = 3;
const keyOf = <F,>(field: QueryField<F>) => ('names' in field ? field.names.join('~') : field.name);

/** Conditions above a list: three shown, the rest unfolded on request or when one of them is set. Enter searches. */
export function QueryForm<F extends object>({ fields, value, onChange }: Props<F>) {
  const { words } = useUi();
  const phone = usePhone();
  const [form] = Form.useForm<Values>();
  const shownCount = phone ? 1 : SHOWN;
  const given = value as Values;
  const isSet = (field: QueryField<F>) => ('names' in field ? field.names : [field.name]).some((name) => given[name] !== undefined);
  const [open, setOpen] = useState(() => fields.slice(shownCount).some(isSet));

  // The address owns the filter: what it says goes into the form again whenever it changes, empty fields as null.
  const stored = JSON.stringify(toForm(fields, given), (_, condition) => condition ?? null);
  useEffect(() => {
    form.setFieldsValue(JSON.parse(stored));
  }, [form, stored]);

  const search = (values: Values) => onChange({ ...value, ...toFilter(fields, values) });
  return (
    <Form form={form} layout="vertical" className="ui-query" onFinish={search} role="search">
      {fields.map((field, index) => (
        <Form.Item key={keyOf(field)} name={keyOf(field)} label={field.label} hidden={!open && index >= shownCount}>
          {field.control}
        </Form.Item>
      ))}
      <div className="ui-query-actions">
        <Button type="primary" htmlType="submit">
          {words('query')}
        </Button>
        <Button
          onClick={() => {
            form.resetFields();
            search({});
          }}
        >
          {words('reset')}
        </Button>
        {fields.length > shownCount && (
          <Button
            type="link"
            aria-expanded={open}
            icon={open ? <UpOutlined /> : <DownOutlined />}
            iconPlacement="end"
            onClick={() => setOpen(!open)}
          >
            {words(open ? 'collapse' : 'expand')}
          </Button>
        )}
      </div>
    </Form>
  );
}

function toForm<F>(fields: readonly QueryField<F>[], filter: Values): Values {
  return Object.fromEntries(
    fields.map((field) => [
      keyOf(field),
      'names' in field
        ? field.names.some((name) => filter[name] !== undefined)
          ? field.names.map((name) => filter[name])
          : undefined
        : filter[field.name],
    ]),
  );
}

function toFilter<F>(fields: readonly QueryField<F>[], values: Values): Values {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const entered = values[keyOf(field)];
      if (!('names' in field)) return [[field.name, given(entered)]];
      const pair = Array.isArray(entered) ? entered : [];
      return field.names.map((name, index) => [name, given(pair[index])]);
    }),
  );
}

// An empty condition is no condition: it leaves the address, too.
function given(value: unknown): unknown {
  const plain = typeof value === 'string' ? value.trim() : value;
  return plain === '' || plain === null || (Array.isArray(plain) && plain.length === 0) ? undefined : plain;
}
