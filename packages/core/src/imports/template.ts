import { FIELDS, type FieldName, type FieldSpec, type FieldType, type FileKind } from './model.ts';

/** A column of an empty file to be filled in: what it is headed in each language, and the other words it is known by. */
export type TemplateColumn = {
  readonly field: FieldName;
  readonly header: { readonly zh: string; readonly en: string };
  readonly type: FieldType;
  readonly required: boolean;
  /** A time of day may stand beside the date. */
  readonly timed: boolean;
  readonly synonyms: readonly string[];
};

/** The columns of a kind of file in the order dealers' systems export them. Source: 11 row 33. */
export function templateColumns(kind: FileKind): readonly TemplateColumn[] {
  return (Object.entries(FIELDS[kind]) as [FieldName, FieldSpec][]).map(
    ([field, { header, synonyms, type, required = false, moment }]) => ({
      field,
      header: { zh: header, en: synonyms.find((word) => /^[a-z]{3}/.test(word)) ?? header },
      type,
      required,
      timed: moment !== undefined,
      synonyms,
    }),
  );
}
