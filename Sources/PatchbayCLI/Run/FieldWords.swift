import PatchbayCore

/// Fields of requests as the options that fill them: whoever typed `--memory` sent no `memoryMiB`.
enum FieldWords {
    private static let options = [
        "vcpus": "--cpus", "memoryMiB": "--memory", "cells": "--cells", "hugepages": "--hugepages", "disk": "--disk",
        "diskFormat": "--disk-format", "kernel": "--kernel", "initrd": "--initrd", "commandLine": "--append",
        "count": "--count", "priority": "--priority", "leaseSeconds": "--lease", "timeoutSeconds": "--grace",
        "requests": "--request", "labels": "--label", "tags": "--tag", "joinGroups": "--join-groups",
    ]

    /// The problem of a command, where the server named the field that the command had filled.
    static func inOptions(_ problem: Problem) -> Problem {
        guard problem.code == .malformedInput else { return problem }
        var problem = problem
        for (field, option) in options where problem.detail.contains("\"\(field)\"") {
            problem.detail = problem.detail.replacing("\"\(field)\"", with: option)
        }
        return problem
    }
}
