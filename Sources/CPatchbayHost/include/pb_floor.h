#ifndef PB_FLOOR_H
#define PB_FLOOR_H

/// What reading an inventory costs the kernel: the same opens, reads and links as the inventory reader makes for
/// every function below `sys/bus/pci/devices` of `root`, with nothing parsed or kept. For `patchbay-bench` only.
/// Returns the number of functions, or a negative errno value.
long pb_floor_inventory(const char *root);

#endif
