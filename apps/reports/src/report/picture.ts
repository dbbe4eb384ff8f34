import { FONT_STACK } from '@baoke/ui';
import { CanvasRenderer } from 'echarts/renderers';
import { echarts, optionsOf, PALETTES, type Drawing } from './drawing.ts';

echarts.use(CanvasRenderer);

const WIDTH = 960;
const HEAD = 74;
const EDGE = 24;
/** Twice the pixels, for the screens that pictures are looked at on. */
const SHARP = 2;

/** The chart as a PNG that explains itself: its title, then whose figures of which days they are. White whatever the screen is. */
export async function drawPicture(drawing: Drawing, about: string, height: number): Promise<Blob> {
  const size = { width: WIDTH - 2 * EDGE, height };
  // On canvas: an SVG read as a picture would not know the fonts of the page.
  const chart = echarts.init(document.createElement('div'), null, { renderer: 'canvas', devicePixelRatio: SHARP, ...size });
  chart.setOption(optionsOf(drawing, 'light', false));
  const canvas = Object.assign(document.createElement('canvas'), { width: WIDTH * SHARP, height: (HEAD + height + EDGE) * SHARP });
  const context = canvas.getContext('2d');
  if (!context) throw new Error('the browser has no canvas to draw a picture on');
  context.scale(SHARP, SHARP);
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, WIDTH, HEAD + height + EDGE);
  context.fillStyle = '#1a2230';
  context.font = `600 18px ${FONT_STACK}`;
  context.fillText(drawing.label, EDGE, 34, size.width);
  context.fillStyle = PALETTES.light.text;
  context.font = `13px ${FONT_STACK}`;
  context.fillText(about, EDGE, 56, size.width);
  context.drawImage(chart.renderToCanvas({ pixelRatio: SHARP }), EDGE, HEAD, size.width, height);
  chart.dispose();
  return new Promise((done, fail) =>
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error('the browser made no picture of the canvas'))), 'image/png'),
  );
}
