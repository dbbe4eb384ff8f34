import type { MessageInstance } from 'antd/es/message/interface';

const TONES = ['success', 'error', 'info', 'warning'] as const;

/** Short words at the top of the page: what to say, and for how many seconds. `destroy` takes back what has this key. */
export type Toast = {
  readonly [Tone in (typeof TONES)[number]]: (content: Parameters<MessageInstance['info']>[0], seconds?: number) => void;
} & { readonly destroy: (key: string) => void };

type Say = (voice: MessageInstance) => void;

/** Gives the words to the voice: what was said before it was there, it says when it comes. */
export type Speaker = { readonly begin: (voice: MessageInstance) => void };

/** Words for a voice that is fetched when it is first needed; `onFirst` hears of it. */
export function createToast(onFirst: () => void): { readonly toast: Toast; readonly speaker: Speaker } {
  let speaking: MessageInstance | undefined;
  const waiting: Say[] = [];
  const say = (words: Say) => {
    if (speaking) return words(speaking);
    waiting.push(words);
    onFirst();
  };
  const tell =
    (tone: (typeof TONES)[number]): Toast['info'] =>
    (content, seconds) =>
      say((voice) => void voice[tone](content, seconds));
  return {
    toast: {
      success: tell('success'),
      error: tell('error'),
      info: tell('info'),
      warning: tell('warning'),
      destroy: (key) => say((voice) => voice.destroy(key)),
    },
    speaker: {
      begin: (voice) => {
        speaking = voice;
        for (const words of waiting.splice(0)) words(voice);
      },
    },
  };
}
