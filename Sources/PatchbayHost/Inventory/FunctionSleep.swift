/// Whether a function sleeps so deep that looking at it would wake something up.
///
/// The kernel wakes a device in D3cold, and the port above any device, before it reads config space for somebody
/// (`pci_config_pm_runtime_get` in `drivers/pci/pci.c`). `power_state` and `power/runtime_status` are what it remembers:
/// reading them wakes nobody. A device in D3cold that is not suspended has lost its power or its link: that is no sleep.
enum FunctionSleep {
    /// - Parameters:
    ///   - directory: the function's, opened where it really is, so that `..` is the port above it.
    ///   - buffer: what the attributes are read into.
    static func isDeep(_ directory: Int32, _ buffer: borrowing AttributeBuffer) -> Bool {
        // One look for nearly all functions: they are active, or have no power management.
        guard isSuspended(directory, SysfsPath.Function.runtimeStatus, buffer) else { return false }
        // Before Linux 5.12 the state is not told.
        guard let state = word(directory, SysfsPath.Function.powerState, buffer) else { return true }
        if state == "D3cold" { return true }
        return state != "D0" && state.hasPrefix("D")
            && isSuspended(directory, "../\(SysfsPath.Function.runtimeStatus)", buffer)
    }

    private static func isSuspended(
        _ directory: Int32, _ name: String, _ buffer: borrowing AttributeBuffer
    ) -> Bool {
        word(directory, name, buffer)?.hasPrefix("suspend") ?? false
    }

    private static func word(_ directory: Int32, _ name: String, _ buffer: borrowing AttributeBuffer) -> String? {
        buffer.read(directory, name) { KernelText.string($0, KernelText.firstLine($0)) }
    }
}
