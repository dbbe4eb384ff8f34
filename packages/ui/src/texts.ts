/** Every text the controls show. An application gives the words (`UiProvider`), so no language lives here. */
export type UiText =
  | 'query'
  | 'reset'
  | 'expand'
  | 'collapse'
  | 'refresh'
  | 'columns'
  | 'columnsReset'
  | 'moveUp'
  | 'moveDown'
  | 'density'
  | 'comfortable'
  | 'compact'
  | 'fullScreen'
  | 'leaveFullScreen'
  | 'views'
  | 'viewSave'
  | 'viewName'
  | 'viewShared'
  | 'viewSharedMark'
  | 'viewRemove'
  | 'viewNone'
  | 'selected'
  | 'selectAllResults'
  | 'allResultsSelected'
  | 'moreResults'
  | 'clearSelection'
  | 'selectRow'
  | 'selectRows'
  | 'scopes'
  | 'sortBy'
  | 'ascendingBy'
  | 'descendingBy'
  | 'nextRow'
  | 'previousRow'
  | 'loadMore'
  | 'loadedAll'
  | 'loaded'
  | 'empty'
  | 'emptyFiltered'
  | 'emptyFilteredHint'
  | 'failed'
  | 'requestId'
  | 'retry'
  | 'more'
  | 'save'
  | 'cancel'
  | 'confirm'
  | 'close'
  | 'remove'
  | 'discard'
  | 'restore'
  | 'draftFound'
  | 'draftKept'
  | 'formErrors'
  | 'conflictTitle'
  | 'conflictHint'
  | 'conflictField'
  | 'conflictOriginal'
  | 'conflictTheirs'
  | 'conflictYours'
  | 'unsavedLeave'
  | 'reveal'
  | 'revealFailed'
  | 'left'
  | 'late'
  | 'stopped'
  | 'kept'
  | 'broken'
  | 'days'
  | 'hours'
  | 'minutes'
  | 'seconds'
  | 'offline'
  | 'reconnecting'
  | 'unsent'
  | 'shortcuts'
  | 'print'
  | 'back'
  | 'search'
  | 'searching'
  | 'noResult'
  | 'keysHint';

export type UiWords = (key: UiText, values?: Record<string, string | number>) => string;

/** One field on which two people disagree. */
export type ConflictField = { readonly field: string; readonly yours: unknown; readonly theirs: unknown; readonly original: unknown };

/** What a failed request means to the reader; the application translates its own errors into it. */
export type Failure = {
  readonly text: string;
  readonly requestId?: string;
  /** Faults by the path of the form's field. */
  readonly fields?: readonly { readonly path: readonly (string | number)[]; readonly text: string }[];
  readonly conflict?: readonly ConflictField[];
  /** The request never arrived: what was typed waits on this device. */
  readonly unreachable?: boolean;
  /** Asking again would be answered the same: there is no such thing, or the caller may not see it. */
  readonly isFinal?: true;
  /** What the reader can do about it at once; `done` resolves when the failure is a matter of the past. */
  readonly remedy?: { readonly text: string; readonly run: () => void; readonly done: Promise<void> };
};
