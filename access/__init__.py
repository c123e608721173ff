"""LETS IN. Who is asking, may they, and by which door: sign-in, sessions, forged requests, headers, administration."""
