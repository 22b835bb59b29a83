import PatchbayCore

extension DriverState {
    /// nil: the function is gone.
    ///
    /// - Parameter withOverride: false: a write hangs on the function, and reading `driver_override` would hang with it.
    init?(of address: PCIAddress, in tree: HostTree, withOverride: Bool) {
        let device = SysfsPath.pciDevice(address.description)
        guard tree.exists(device) else { return nil }
        let override = withOverride ? tree.line("\(device)/\(SysfsPath.Function.driverOverride)") : nil
        self.init(
            driver: tree.link("\(device)/\(SysfsPath.Function.driver)")?.lastComponent,
            override: override == "(null)" ? nil : override)
    }
}
