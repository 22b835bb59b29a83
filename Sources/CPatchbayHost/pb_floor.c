#define _GNU_SOURCE
#include "pb_floor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pb_files.h"

static const char *const attributes[] = {"resource", "numa_node", "driver_override", "reset_method"};

/// The reads of one function, in the order in which the inventory reader makes them.
static void read_function(int devices, const char *name) {
    char buffer[4096];
    int directory = pb_open_directory(devices, name);
    if (directory < 0) return;
    long length = pb_read_once(directory, "modalias", buffer, sizeof buffer);
    int is_display = length >= 53 && memcmp(buffer + 42, "bc03", 4) == 0;
    pb_read_once(directory, "config", buffer, 64);
    pb_read_link(devices, name, buffer, sizeof buffer);
    pb_read_link(directory, "iommu_group", buffer, sizeof buffer);
    if (pb_read_link(directory, "physfn", buffer, sizeof buffer) < 0
        && pb_read_once(directory, "sriov_totalvfs", buffer, sizeof buffer) >= 0) {
        char child[32];
        for (int index = 0; index < 65535; index++) {
            snprintf(child, sizeof child, "virtfn%d", index);
            if (pb_read_link(directory, child, buffer, sizeof buffer) < 0) break;
        }
        pb_read_once(directory, "sriov_numvfs", buffer, sizeof buffer);
    }
    pb_read_link(directory, "driver", buffer, sizeof buffer);
    for (size_t at = 0; at < sizeof attributes / sizeof *attributes; at++)
        pb_read_once(directory, attributes[at], buffer, sizeof buffer);
    if (is_display) pb_read_once(directory, "boot_vga", buffer, sizeof buffer);
    pb_close(directory);
}

/// Every group's type, and where each of the named class's links leads.
static void read_rest(int root) {
    char path[512], buffer[4096];
    char *names = NULL;
    int groups = pb_open_directory(root, "sys/kernel/iommu_groups");
    long length = groups < 0 ? groups : pb_list(root, "sys/kernel/iommu_groups", &names);
    for (long at = 0; at < length; at += (long)strlen(names + at) + 1) {
        snprintf(path, sizeof path, "%s/type", names + at);
        pb_read_once(groups, path, buffer, sizeof buffer);
    }
    if (groups >= 0) pb_close(groups);
    pb_free(names);
    static const char *const classes[] = {"sys/class/net", "sys/class/block", "sys/block"};
    for (size_t class = 0; class < sizeof classes / sizeof *classes; class++) {
        length = pb_list(root, classes[class], &names);
        for (long at = 0; at < length; at += (long)strlen(names + at) + 1) {
            snprintf(path, sizeof path, "%s/%s", classes[class], names + at);
            pb_read_link(root, path, buffer, sizeof buffer);
        }
        pb_free(names);
    }
}

long pb_floor_inventory(const char *path) {
    int root = pb_open_directory(pb_current_directory, path);
    if (root < 0) return root;
    int devices = pb_open_directory(root, "sys/bus/pci/devices");
    char *names = NULL;
    long length = devices < 0 ? devices : pb_list(root, "sys/bus/pci/devices", &names);
    long count = length < 0 ? length : 0;
    for (long at = 0; at < length; at += (long)strlen(names + at) + 1) {
        read_function(devices, names + at);
        count++;
    }
    read_rest(root);
    pb_free(names);
    if (devices >= 0) pb_close(devices);
    pb_close(root);
    return count;
}
