import type { Failure } from '@baoke/ui';
import type { FormInstance } from 'antd';

/** Shows a refusal at the field it is about; answers false when it is about none. */
export function showAtFields(form: FormInstance, { fields = [] }: Failure): boolean {
  if (fields.length > 0) form.setFields(fields.map(({ path, text }) => ({ name: path as (string | number)[], errors: [text] })));
  return fields.length > 0;
}
