const CHINESE_FACES = ['PingFang SC', 'HarmonyOS Sans SC', 'Microsoft YaHei', 'Noto Sans CJK SC'];

/**
 * Fetches the Chinese face that comes with us, unless the system has one. Its style sheet alone is 45 kB, so nobody
 * who has PingFang or YaHei pays for it.
 */
export async function loadChineseFont(): Promise<void> {
  if (hasChineseFace()) return;
  await import('@fontsource-variable/noto-sans-sc/index.css');
}

// A face that is missing measures like the fallback; one that is there has its own widths.
function hasChineseFace(): boolean {
  const pen = document.createElement('canvas').getContext('2d');
  if (!pen) return false;
  const widthIn = (face: string) => {
    pen.font = `72px ${face}`;
    return pen.measureText('保客 Aqg').width;
  };
  const plain = widthIn('monospace');
  return CHINESE_FACES.some((face) => widthIn(`'${face}', monospace`) !== plain);
}
