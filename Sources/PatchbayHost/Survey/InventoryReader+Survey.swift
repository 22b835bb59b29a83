import PatchbayCore

extension InventoryReader {
    /// `observe()` and everything deep: the platform, USB, mediated devices.
    ///
    /// For once a boot, after a hotplug, on request, and for recorded trees: it costs several times what `observe()`
    /// does. Blocking like that, and throws the same.
    package func survey() throws(Problem) -> Result {
        var result = try observe()
        let tree = try HostTree(root: root)
        var usb = USBReader(tree: tree, host: result.inventory.host.name)
        result.inventory.survey = HostSurvey(usb: usb.read())
        result.findings += usb.findings
        return result
    }
}
