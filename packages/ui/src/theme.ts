import { theme as antd, type ThemeConfig } from 'antd';

/** Chinese faces of each system first; the one that comes with us last, fetched only where none of them is installed. */
export const FONT_STACK =
  "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'PingFang SC', 'HarmonyOS Sans SC', 'Microsoft YaHei UI', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC Variable', sans-serif";

/** Class that carries the theme's CSS variables; it stands on the root of the page so that our own styles see them. */
export const THEME_CLASS = 'baoke';

export type Appearance = 'light' | 'dark';

/** Dense for desks, with 44 px targets on phones. Colours reach AA contrast on their grounds. */
export function themeFor(appearance: Appearance, phone: boolean, still: boolean): ThemeConfig {
  const dark = appearance === 'dark';
  return {
    algorithm: dark ? antd.darkAlgorithm : antd.defaultAlgorithm,
    cssVar: { key: THEME_CLASS },
    hashed: false,
    token: {
      colorPrimary: dark ? '#2f74de' : '#1357c4',
      colorInfo: dark ? '#7ab3ff' : '#1357c4',
      colorLink: dark ? '#7ab3ff' : '#1357c4',
      colorSuccess: dark ? '#49b87d' : '#187a48',
      colorWarning: dark ? '#e0a13a' : '#a65a00',
      colorError: dark ? '#fa7f79' : '#c62a2a',
      colorBgLayout: dark ? '#0d1117' : '#f3f5f8',
      ...(dark
        ? {
            colorTextBase: '#e8edf4',
            colorBgContainer: '#161d27',
            colorPrimaryBg: '#14263f',
            colorInfoBg: '#12243d',
            colorBgElevated: '#1d2632',
            colorTextSecondary: '#c0cad6',
            colorTextTertiary: '#98a6b6',
            colorTextDescription: '#98a6b6',
            colorTextPlaceholder: '#8d9bab',
            colorBorderSecondary: '#27313e',
            colorBorder: '#384556',
          }
        : {
            colorTextBase: '#17202c',
            // The palette made from a colour dark enough for text is muddy as a ground.
            colorSuccessBg: '#e8f7ef',
            colorSuccessBorder: '#b5e0c8',
            colorWarningBg: '#fff4e2',
            colorWarningBorder: '#ffd9a0',
            colorTextTertiary: '#5b6675',
            colorTextDescription: '#5b6675',
            colorTextPlaceholder: '#626d7b',
          }),
      fontFamily: FONT_STACK,
      fontSize: 14,
      borderRadius: 6,
      controlHeight: phone ? 44 : 32,
      controlHeightSM: phone ? 36 : 26,
      wireframe: false,
      // Nothing waits for the end of a movement that the styles take out.
      motion: !still,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.16s',
    },
    components: {
      Table: {
        cellPaddingBlock: 10,
        cellPaddingBlockMD: 7,
        cellPaddingBlockSM: 5,
        cellPaddingInline: 12,
        cellPaddingInlineSM: 10,
        headerBorderRadius: 0,
        headerSplitColor: 'transparent',
      },
      Form: { itemMarginBottom: phone ? 16 : 14, verticalLabelPadding: '0 0 4px' },
      Modal: { titleFontSize: 16 },
    },
  };
}
