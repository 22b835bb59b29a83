#include "CPatchbayHost.h"
