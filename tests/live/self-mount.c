#include "self.h"
const struct trial mount_trials[] = {{0}};
