/** Sign-in belongs to the console; the session is one, and it comes back here. */
export function goToSignIn(): Promise<never> {
  location.replace(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
  // The page is being left: nothing after this is shown.
  return new Promise(() => {});
}
