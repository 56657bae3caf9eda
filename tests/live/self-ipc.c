#include "self.h"
const struct trial ipc_trials[] = {{0}};
