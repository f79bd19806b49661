// SPDX-License-Identifier: Apache-2.0

/** The guest's screen. */
export const screen = {
  canvas: (name: string) => `Screen of ${name}`,
  toolbar: 'Screen',
  connecting: 'Connecting to the screen…',
  lost: 'The screen was lost; connecting again…',
  paused: 'Paused',
  keyboard: {
    take: 'Type in the guest',
    taken: 'Typing in the guest',
    hint: 'Every key goes to the guest. Left Ctrl + left Alt, pressed and let go together, take the keyboard back.',
  },
  keys: 'Send keys',
  screenshot: 'Save a picture of the screen',
  view: 'View',
  fit: {
    follow: 'The guest adapts to the window',
    scale: 'Scaled to the window',
    exact: 'Pixel by pixel',
  },
  speed: { quick: 'Quick: from this PC', slow: 'Packed: over a network' },
  fullScreen: 'Full screen',
  leaveFullScreen: 'Leave full screen',
  clipboard: {
    title: 'Copy and paste',
    to: 'To the guest',
    about:
      'The clipboard needs spice-vdagent (Linux) or the SPICE guest tools (Windows) in the guest. Typing works everywhere, with the characters of a US keyboard.',
    offer: 'Put into Its Clipboard',
    offered: 'The guest may paste it now',
    type: 'Type It',
    typing: 'Typing…',
    from: 'From the guest',
    nothing: 'Nothing was copied in the guest yet.',
  },
};
