/** Sign-in belongs to the console; the session is one, and it comes back here. */
export function goToSignIn(): Promise<never> {
  return leaveFor(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}

export function leaveFor(place: string): Promise<never> {
  location.replace(place);
  // The page is being left: nothing after this is shown.
  return new Promise(() => {});
}
