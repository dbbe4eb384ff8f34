import { RollbackOutlined } from '@ant-design/icons';
import type { SettingView } from '@baoke/core/settings/wire';
import { DateText, ErrorState, LoadingState, StatusTag, useToast, useUi } from '@baoke/ui';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Button, Drawer, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { useApi, useMe } from '../../shell/session.ts';
import { changesBetween, type LineChange } from './words.ts';

const PAGE = 20;

/** Who saved which version when, what it changed, and the way back to it. */
export function HistoryDrawer({ view, onClose }: { readonly view: SettingView; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { client, trpc } = useApi();
  const { section } = view.of;
  // Versions are numbers, so pages go by number instead of by an opaque text.
  const history = useInfiniteQuery({
    queryKey: trpc.settings.history.infiniteQueryKey({ section, limit: PAGE }),
    queryFn: ({ pageParam }) => client.settings.history.query({ section, cursor: pageParam, limit: PAGE }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  const versions = history.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Drawer open onClose={onClose} size={640} title={`${t('settings.history.title')} · ${t(`settings.sections.${section}`)}`}>
      {history.error && <ErrorState error={history.error} onRetry={() => void history.refetch()} />}
      {history.isPending && <LoadingState rows={6} />}
      <ol className="settings-versions">
        {versions.map((version, index) => (
          <Version key={version.version} version={version} before={versions[index + 1]} inForce={view} />
        ))}
      </ol>
      {history.hasNextPage && (
        <Button loading={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
          {t('settings.history.older')}
        </Button>
      )}
    </Drawer>
  );
}

type VersionProps = { readonly version: SettingView; readonly before: SettingView | undefined; readonly inForce: SettingView };

function Version({ version: { of, version, savedAt, savedBy }, before, inForce }: VersionProps) {
  const { t } = useTranslation();
  const me = useMe();
  const isInForce = version === inForce.version;
  return (
    <li>
      <div className="settings-version-head">
        <strong>{version === 0 ? t('settings.shippedVersion') : t('settings.version', { version })}</strong>
        {isInForce && <StatusTag tone="good">{t('settings.history.current')}</StatusTag>}
        {savedAt && (
          <span className="ui-quiet">
            <DateText at={savedAt} /> · {savedBy ? (savedBy.name ?? t('settings.unknownPerson')) : t('settings.bySystem')}
          </span>
        )}
        {!isInForce && me.can('settings', 'edit') && <RestoreButton section={of.section} restored={version} version={inForce.version} />}
      </div>
      {version === 0 ? (
        <p className="ui-quiet">{t('settings.history.first')}</p>
      ) : (
        // The oldest of a page is compared once the page before it is loaded.
        before && <Changes changes={changesBetween(t, before.of, of)} />
      )}
    </li>
  );
}

function Changes({ changes }: { readonly changes: readonly LineChange[] }) {
  const { t } = useTranslation();
  if (changes.length === 0) return <p className="ui-quiet">{t('settings.history.nothing')}</p>;
  return (
    <dl className="settings-changes">
      {changes.map(({ key, label, before, after }) => (
        <div key={key}>
          <dt>
            {label}
            {before === undefined && <span className="ui-quiet"> {t('settings.history.added')}</span>}
            {after === undefined && <span className="ui-quiet"> {t('settings.history.removed')}</span>}
          </dt>
          <dd>
            {after !== undefined && <ins>{after}</ins>}
            {before !== undefined &&
              (after === undefined ? <del>{before}</del> : <span className="ui-quiet">{t('settings.history.was', { text: before })}</span>)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

type RestoreProps = { readonly section: SettingView['of']['section']; readonly restored: number; readonly version: number };

function RestoreButton({ section, restored, version }: RestoreProps) {
  const { t } = useTranslation();
  const { client, trpc, queryClient } = useApi();
  const { drafts, describeFailure } = useUi();
  const toast = useToast();
  const [modal, asking] = Modal.useModal();
  const restore = useMutation({
    mutationFn: () => client.settings.restore.mutate({ section, restored, version }),
    onSuccess: (saved) => {
      drafts.drop(`settings.${section}`);
      toast.success(t('settings.history.restored', { version: saved.version }));
    },
    onError: (error) => toast.error(describeFailure(error).text),
    onSettled: () => queryClient.invalidateQueries(trpc.settings.pathFilter()),
  });
  const ask = () =>
    void modal.confirm({
      title: restored === 0 ? t('settings.history.restoreShippedTitle') : t('settings.history.restoreTitle', { version: restored }),
      content: t('settings.history.restoreHint'),
      okText: t('settings.history.restore'),
      cancelText: t('common.cancel'),
      onOk: () => restore.mutate(),
    });
  return (
    <>
      {asking}
      <Button size="small" icon={<RollbackOutlined />} onClick={ask}>
        {t('settings.history.restore')}
      </Button>
    </>
  );
}
