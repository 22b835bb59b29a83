import PatchbayCore

/// The name of a device as people type it, checked before anything is asked.
enum DeviceArgument {
    /// `41:00.0`, `atlas/41:00.0`, and the other spellings of an address; `usb-1-3.1`; `serial=4C530001`. Throws
    /// `.malformedAddress`.
    static func checked(_ text: String) throws(Problem) -> String {
        _ = try DeviceName(text)
        return text
    }

    static func checked(_ texts: [String]) throws(Problem) -> [String] {
        for text in texts { _ = try checked(text) }
        return texts
    }

    /// Names of pools, VMs and requests have no colon and are not spelt like addresses or ports.
    static func isDevice(_ text: String) -> Bool {
        text.contains(":") || text.contains("/") || PCIAddress.isMeant(by: text)
            || DeviceName.isSerial(text) || (try? DeviceKey(text))?.usb != nil
    }
}
