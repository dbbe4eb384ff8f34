// A file of its own to be fetched on request: importing the package as a whole on request would fetch all of it.
export { ShortcutHelp } from '@baoke/ui';
