// What is done in one tab, told to the others of this browser.
type Word = 'changed' | 'signed in' | 'signed out';

const channel = new BroadcastChannel('tracker-hub');

export const tellTabs = (word: Word): void => channel.postMessage(word);

/** @returns what ends the listening */
export function hearTabs(hear: Readonly<Record<Word, () => void>>): () => void {
  const heard = ({ data }: MessageEvent<Word>) => hear[data]?.();
  channel.addEventListener('message', heard);
  return () => channel.removeEventListener('message', heard);
}
