import type { MessageInstance } from 'antd/es/message/interface';
import { expect, it } from 'vitest';
import { createToast } from './toast.ts';

it('keeps what is said before the voice is there, and says it once and in order', () => {
  const heard: string[] = [];
  let asked = 0;
  const { toast, speaker } = createToast(() => (asked += 1));
  const tell = (tone: string) => (content: unknown) => heard.push(`${tone}: ${String(content)}`);
  // Only what a toast speaks with.
  const voice = { success: tell('success'), error: tell('error'), destroy: tell('destroy') } as unknown as MessageInstance;
  toast.success('saved');
  toast.error('line down');
  expect(heard).toEqual([]);
  expect(asked).toBeGreaterThan(0);
  speaker.begin(voice);
  toast.destroy('key');
  speaker.begin(voice);
  expect(heard).toEqual(['success: saved', 'error: line down', 'destroy: key']);
});
