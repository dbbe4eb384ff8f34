import { createLink } from '@tanstack/react-router';
import { Button } from 'antd';

/** A link that looks like a button: it has an address, opens in a new tab, and is read out as a link. */
export const LinkButton = createLink(Button);
