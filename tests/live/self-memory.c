#include "self.h"
const struct trial memory_trials[] = {{0}};
