"""Every text that people read, by area: whole sentences, each in one place, so that they speak with one voice and can be said in another language."""
