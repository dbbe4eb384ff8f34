import { message } from 'antd';
import { useEffect } from 'react';
import type { Speaker } from './toast.ts';

/** The voice of the toasts. antd's App would bring dialogs and notifications as well. */
export function ToastHolder({ speaker }: { readonly speaker: Speaker }) {
  const [voice, holder] = message.useMessage({ maxCount: 3 });
  useEffect(() => speaker.begin(voice), [speaker, voice]);
  return holder;
}
