#pragma once

#include <sys/types.h>

/// Starts a program as the leader of a session of its own, with no signal blocked or ignored and no descriptor open but its
/// three streams. `directory` may be NULL. Returns 0 or an errno value.
int patchbay_lab_spawn(pid_t *pid, char *const argv[], char *const envp[], const char *directory, int input, int output,
                       int errors);
