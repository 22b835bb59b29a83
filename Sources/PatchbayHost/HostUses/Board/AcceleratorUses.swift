import PatchbayCore

/// What the kernel itself or a program has of DMA engines and accelerators: channels that have clients, work queues.
///
/// Source: `drivers/dma/dmaengine.c` (`in_use`), `Documentation/ABI/stable/sysfs-driver-dma-idxd`.
struct AcceleratorUses {
    let tree: HostTree

    func add(to ledger: inout UseLedger) {
        for name in tree.names(SysfsPath.dmaChannels) ?? [] {
            let channel = "\(SysfsPath.dmaChannels)/\(name)"
            guard let clients = number("\(channel)/in_use"), clients > 0, let link = tree.link(channel) else {
                continue
            }
            ledger.add(.accelerator, .inUse, ["DMA channel \(name)"], at: DevicePlace(link: link))
        }
        for name in tree.names(SysfsPath.workQueues) ?? [] where name.hasPrefix("wq") {
            let queue = "\(SysfsPath.workQueues)/\(name)"
            guard tree.line("\(queue)/state") == "enabled", isUsed(queue), let link = tree.link(queue) else { continue }
            ledger.add(.accelerator, .inUse, ["work queue \(name)"], at: DevicePlace(link: link))
        }
    }

    /// Programs have it open, or the kernel compresses with it. Its DMA engine tells by the channel.
    private func isUsed(_ queue: String) -> Bool {
        if let clients = number("\(queue)/clients"), clients > 0 { return true }
        return tree.line("\(queue)/type") == "kernel" && tree.line("\(queue)/driver_name") == "crypto"
    }

    private func number(_ path: String) -> Int? { tree.line(path).flatMap { Int($0) } }
}
