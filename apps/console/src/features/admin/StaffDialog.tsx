import { ROLES, type Role } from '@baoke/core/access';
import type { StaffView } from '@baoke/core/access/wire';
import type { DepartmentId, StaffId } from '@baoke/core/kernel';
import { FormDialog, useToast } from '@baoke/ui';
import { Link } from '@tanstack/react-router';
import { Alert, Form, Input, Select, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { paths } from '../../shell/paths.ts';
import { useApi, useMe } from '../../shell/session.ts';

/** Roles whose holders only somebody who decides on the settings may make or change. */
const ABOVE: ReadonlySet<Role> = new Set(['ADMIN', 'GROUP_MGR', 'CHAIR']);

type Values = {
  readonly name: string;
  readonly role: Role;
  readonly departmentId?: DepartmentId;
  readonly team?: string;
  readonly email?: string;
  readonly username?: string;
  readonly active: boolean;
};

type Props = {
  /** Undefined for somebody new. */
  readonly member: StaffView | undefined;
  readonly departments: readonly { readonly id: string; readonly name: string }[];
  readonly onClose: () => void;
  readonly onPassword: (name: string, password: string) => void;
};

/** Adds a person or changes one. */
export function StaffDialog({ member, departments, onClose, onPassword }: Props) {
  const { t } = useTranslation();
  const toast = useToast();
  const { client, trpc, queryClient } = useApi();
  const reload = () => queryClient.invalidateQueries(trpc.staff.pathFilter());
  const submit = async ({ username, active, ...values }: Values) => {
    const person = { ...values, departmentId: values.departmentId ?? null, team: values.team || null, email: values.email || null };
    if (member) {
      await client.staff.update.mutate({ ...person, active, staffId: member.id as StaffId, version: member.version });
      toast.success(t('admin.staff.saved', { name: values.name }));
    } else {
      const { password } = await client.staff.create.mutate({ ...person, username: username?.trim() || null });
      if (password !== null) onPassword(values.name, password);
      toast.success(t('admin.staff.created', { name: values.name }));
    }
    await reload();
    onClose();
  };
  return (
    <FormDialog<Values>
      draftKey={`staff.${member?.id ?? 'new'}`}
      title={member ? t('admin.staff.editOf', { name: member.name }) : t('admin.staff.create')}
      submitText={t('common.save')}
      initial={member ? initialOf(member) : { active: true }}
      conflictLabels={{
        name: { label: t('admin.staff.name') },
        role: { label: t('admin.staff.role'), show: (role) => t(`roles.${role as Role}`) },
        team: { label: t('admin.staff.team') },
        email: { label: t('admin.staff.email') },
      }}
      onConflict={reload}
      onSubmit={submit}
      onClose={onClose}
    >
      <StaffFields member={member} departments={departments} />
    </FormDialog>
  );
}

function initialOf({ name, role, departmentId, team, email, active }: StaffView): Partial<Values> {
  return {
    name,
    role,
    active,
    // Ids come from the server; their brand is lost on the wire.
    ...(departmentId ? { departmentId: departmentId as DepartmentId } : {}),
    ...(team ? { team } : {}),
    ...(email ? { email } : {}),
  };
}

function StaffFields({ member, departments }: Pick<Props, 'member' | 'departments'>) {
  const { t } = useTranslation();
  const me = useMe();
  const form = Form.useFormInstance<Values>();
  const active = Form.useWatch('active', form);
  // Nobody changes his own rights; the server refuses it alike.
  const isOwn = member?.id === me.staffId;
  const mayAbove = me.can('settings', 'decide');
  const required = [{ required: true, whitespace: true, message: t('fieldFaults.required') }];
  return (
    <>
      <Form.Item name="name" label={t('admin.staff.name')} rules={required}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item
        name="role"
        label={t('admin.staff.role')}
        rules={[{ required: true, message: t('fieldFaults.required') }]}
        extra={isOwn ? t('refusals.access.own_rights') : undefined}
      >
        <Select
          disabled={isOwn}
          showSearch={{ optionFilterProp: 'label' }}
          options={ROLES.map((role) => {
            const refused = ABOVE.has(role) && !mayAbove;
            return {
              value: role,
              label: refused ? `${t(`roles.${role}`)}（${t('admin.staff.roleAbove')}）` : t(`roles.${role}`),
              disabled: refused,
            };
          })}
        />
      </Form.Item>
      <div className="ui-form-grid">
        <Form.Item name="departmentId" label={t('common.department')}>
          <Select disabled={isOwn} allowClear options={departments.map(({ id, name }) => ({ value: id, label: name }))} />
        </Form.Item>
        <Form.Item name="team" label={t('admin.staff.team')}>
          <Input maxLength={60} />
        </Form.Item>
      </div>
      <Form.Item name="email" label={t('admin.staff.email')} rules={[{ type: 'email', message: t('fieldFaultsOf.email') }]}>
        <Input type="email" maxLength={200} autoComplete="off" />
      </Form.Item>
      {!member && (
        <Form.Item
          name="username"
          label={t('admin.staff.username')}
          extra={t('admin.staff.usernameHint')}
          normalize={(typed: string) => typed.toLowerCase()}
          rules={[{ pattern: /^[a-z0-9][a-z0-9._-]{1,59}$/, message: t('fieldFaultsOf.username') }]}
        >
          <Input maxLength={60} autoComplete="off" />
        </Form.Item>
      )}
      {member && (
        <Form.Item name="active" label={t('admin.staff.activeLabel')} valuePropName="checked">
          <Switch />
        </Form.Item>
      )}
      {member?.active && active === false && (
        <Alert
          type="warning"
          showIcon
          className="ui-form-alert"
          title={t('admin.staff.leaveHint')}
          action={<Link {...paths.teamQueue(member.id as StaffId)}>{t('admin.staff.leaveTasks')}</Link>}
        />
      )}
    </>
  );
}
