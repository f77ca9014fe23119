/** One line a record, to the console only. */
export const logging = [
  'handlers = java.util.logging.ConsoleHandler',
  '.handlers = java.util.logging.ConsoleHandler',
  'java.util.logging.ConsoleHandler.level = INFO',
  'java.util.logging.ConsoleHandler.formatter = org.apache.juli.OneLineFormatter',
  '',
].join('\n')
