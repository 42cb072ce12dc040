// How everything looks: the tokens for light and dark, once, and Mantine's own variables made of them.
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';
import { ButtonElement } from './ButtonElement.tsx';
import { SERIES_DARK, SERIES_LIGHT, seriesTokens } from './series.ts';

const LIGHT = {
  bg: '#fafafb',
  surface: '#ffffff',
  raised: '#ffffff',
  hover: '#f4f5f7',
  line: '#e5e7eb',
  'line-strong': '#c9cdd5',
  text: '#15171c',
  muted: '#5d6470',
  accent: '#3651cf',
  'accent-soft': '#eef1fd',
  ok: '#16794a',
  warn: '#8f5a00',
  bad: '#c0302a',
  info: '#1f63b5',
  'ok-soft': '#e7f5ed',
  'warn-soft': '#fdf3e1',
  'bad-soft': '#fdecea',
  'info-soft': '#e8f1fb',
  cell: '#e9ebef',
  'cell-full': '#7f95ec',
  'on-cell': '#141d52',
};

const DARK: typeof LIGHT = {
  bg: '#0e0f12',
  surface: '#141519',
  raised: '#1b1d22',
  hover: '#1d1f25',
  line: '#26282f',
  'line-strong': '#3d4049',
  text: '#e9ebef',
  muted: '#9ba1ac',
  accent: '#93a4fb',
  'accent-soft': '#1d2340',
  ok: '#4cc38a',
  warn: '#e3a94b',
  bad: '#ff8078',
  info: '#6fb1f5',
  'ok-soft': '#12291f',
  'warn-soft': '#2d2313',
  'bad-soft': '#331a19',
  'info-soft': '#13243a',
  cell: '#24262d',
  'cell-full': '#5e72cf',
  'on-cell': '#ffffff',
};

const accent: MantineColorsTuple = [
  '#eef1fd',
  '#dce2fa',
  '#b6c2f4',
  '#8fa0ee',
  '#6d82e6',
  '#5569dd',
  '#3651cf',
  '#2d45b4',
  '#243894',
  '#1a2a72',
];

/** White words on it can be read in both schemes. */
const red: MantineColorsTuple = [
  '#fdecea',
  '#fad5d2',
  '#f3aaa5',
  '#ec7f78',
  '#e5605a',
  '#d23a33',
  '#c0302a',
  '#a52822',
  '#8a201b',
  '#6e1915',
];

/** Mantine takes grounds and borders of inputs in the dark out of this one. */
const dark: MantineColorsTuple = [
  '#e9ebef',
  '#b9bec8',
  '#9ba1ac',
  '#717783',
  '#33363f',
  '#26282f',
  '#17181c',
  '#141519',
  '#0e0f12',
  '#0a0b0d',
];

const variables = (tokens: typeof LIGHT, series: readonly string[]) => ({
  ...seriesTokens(series),
  ...Object.fromEntries(Object.entries(tokens).map(([name, value]) => [`--${name}`, value])),
  '--mantine-color-body': tokens.bg,
  '--mantine-color-text': tokens.text,
  '--mantine-color-dimmed': tokens.muted,
  '--mantine-color-placeholder': tokens.muted,
  '--mantine-color-default': tokens.surface,
  '--mantine-color-default-hover': tokens.hover,
  '--mantine-color-default-color': tokens.text,
  '--mantine-color-default-border': tokens.line,
  '--mantine-color-anchor': tokens.accent,
  '--mantine-color-error': tokens.bad,
});

export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: variables(LIGHT, SERIES_LIGHT),
  dark: variables(DARK, SERIES_DARK),
});

const input = {
  defaultProps: { size: 'sm' },
  styles: { label: { fontWeight: 500, marginBottom: 4 }, description: { marginBottom: 6 } },
} as const;
const panel = {
  content: { background: 'var(--surface)' },
  header: { background: 'var(--surface)' },
  title: { fontSize: 16, lineHeight: '24px', fontWeight: 600 },
};
const closeButtonProps = { 'aria-label': 'Close' };
const veil = { backgroundOpacity: 0.35 };

export const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '20px', md: '20px', lg: '24px', xl: '28px' },
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '20px', lineHeight: '28px' }, h2: { fontSize: '16px', lineHeight: '24px' } },
  },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '6px', xl: '6px' },
  defaultRadius: 'md',
  spacing: { xs: '4px', sm: '8px', md: '16px', lg: '24px', xl: '32px' },
  shadows: {
    xs: 'none',
    sm: 'none',
    md: '0 4px 16px #0000001a',
    lg: '0 8px 24px #00000021',
    xl: '0 8px 32px #0000002b',
  },
  colors: { accent, dark, red },
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 5 },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'sm', component: ButtonElement }, styles: { label: { fontWeight: 500 } } },
    TextInput: input,
    PasswordInput: input,
    NativeSelect: input,
    Select: {
      // The list itself scrolls: what holds the options is what a field controls.
      defaultProps: { size: 'sm', comboboxProps: { shadow: 'md' }, withScrollArea: false },
      styles: { ...input.styles, options: { maxHeight: 240, overflowY: 'auto' } },
    },
    Tooltip: {
      defaultProps: {
        openDelay: 200,
        events: { hover: true, focus: true, touch: true },
        transitionProps: { duration: 100 },
        withArrow: false,
      },
    },
    // The first item has the focus at once: a menu has items alone.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, shadow: 'md', transitionProps: { duration: 0 } } },
    // What is typed meets it, and not the button that opens it.
    Popover: { defaultProps: { transitionProps: { duration: 0 } } },
    Modal: {
      defaultProps: { closeButtonProps, centered: true, transitionProps: { duration: 120 }, overlayProps: veil },
      styles: panel,
    },
    Drawer: {
      defaultProps: { closeButtonProps, transitionProps: { duration: 140 }, overlayProps: veil },
      styles: panel,
    },
  },
});
