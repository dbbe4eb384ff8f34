import { FIELDS, type FieldName, type FileKind } from '@baoke/core/imports';

type Columns = readonly { readonly field: FieldName | null }[];

export function fieldsOf(kind: FileKind): readonly { readonly name: FieldName; readonly required: boolean; readonly timed: boolean }[] {
  // The names of a kind's fields are field names by the type they are declared with.
  return Object.entries(FIELDS[kind]).map(([name, spec]) => ({
    name: name as FieldName,
    required: 'required' in spec,
    timed: 'moment' in spec,
  }));
}

/** The columns after one was chosen. A field stands in one column: choosing it here takes it from where it was. */
export function chosen(columns: Columns, at: number, field: FieldName | null): (FieldName | null)[] {
  return columns.map((column, index) => (index === at ? field : column.field === field ? null : column.field));
}

/** The required field that a choice leaves without a column, so that nothing of the file would be imported; undefined where there is none. */
export function lostField(kind: FileKind, columns: Columns, at: number, field: FieldName | null): FieldName | undefined {
  const left = chosen(columns, at, field);
  return fieldsOf(kind).find(({ name, required }) => required && name === columns[at]?.field && !left.includes(name))?.name;
}
