#include "self.h"
const struct trial ring_trials[] = {{0}};
