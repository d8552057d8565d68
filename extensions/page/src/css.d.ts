/** A style sheet that is imported as text, or only for the bundle. */
declare module '*.css' {
  const text: string;
  export default text;
}
