#define _GNU_SOURCE
#include "pb_floor.h"
