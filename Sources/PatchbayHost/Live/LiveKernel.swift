import CPatchbayHost
import PatchbayCore

/// The kernel of this machine, or the tree at another root that stands for one.
///
/// Everything that may block runs on threads or processes of its own and has a deadline: an `unbind` that a guest or a
/// driver holds up never ends, and with it hangs whatever takes the same device lock.
package actor LiveKernel: Kernel {
    let root: String
    let tree: HostTree
    let hostName: String?
    private let readDeadline: Duration
    /// Who must stay reachable whatever happens.
    let peers: [IPAddress]
    /// Processes that are still in the kernel with a write, by the device they wait for.
    private var writers: [DeviceKey: Int32] = [:]
    /// What `driver_override` was when it could last be read: it cannot be while a write hangs.
    var overrides: [PCIAddress: String] = [:]
    private var readings: [Int: any Reading] = [:]
    private var nextReading = 0
    /// Readings given up on that are still in the kernel.
    private var stuckReadings = 0
    /// Who waits for those to end.
    private var turns: [Int: (continuation: CheckedContinuation<Bool, Never>, timer: Task<Void, any Error>)] = [:]
    var known = KnownHost()
    let firmware = FirmwareMemory()

    /// Throws `.unreadable` when `root` is no directory.
    ///
    /// - Parameters:
    ///   - hostName: nil: what the host calls itself.
    ///   - readDeadline: how long reading may take before it is given up.
    ///   - peers: who must stay reachable whatever happens: the server this host's agent talks to.
    package init(
        root: String = "/", hostName: String? = nil, readDeadline: Duration = .seconds(30), peers: [IPAddress] = []
    ) throws(Problem) {
        self.root = root
        self.tree = try HostTree(root: root)
        self.hostName = hostName
        self.readDeadline = readDeadline
        self.peers = peers
    }

    package func driverState(of address: PCIAddress) async throws(Problem) -> DriverState? {
        let isLocked = lockedDevices().contains(address.key)
        let tree = tree
        let state = try await reading { () throws(Problem) in
            DriverState(of: address, in: tree, withOverride: !isLocked)
        }
        guard var state else { return nil }
        if isLocked { state.override = overrides[address] } else { overrides[address] = state.override }
        return state
    }

    package func driverState(of interface: USBInterfaceAddress) async throws(Problem) -> InterfaceState? {
        let tree = tree
        return try await reading { () throws(Problem) in
            let path = SysfsPath.usbDevice(interface.description)
            guard tree.exists(path) else { return nil }
            return InterfaceState(driver: tree.link("\(path)/driver")?.lastComponent)
        }
    }

    package func silence(of address: PCIAddress) async throws(Problem) -> Silence? {
        let path = "\(SysfsPath.pciDevice(address.description))/\(SysfsPath.Function.config)"
        let tree = tree
        return try await reading { () throws(Problem) in
            tree.bytes(path, atMost: 64).flatMap { ConfigSpace($0).silence }.map { Silence($0) }
        }
    }

    package func programs(holding devices: Set<DeviceKey>) async throws(Problem) -> OpenNodes {
        let scan = HolderScan(tree: tree)
        return try await reading { () throws(Problem) in scan.openNodes(of: devices) }
    }

    package func write(
        _ text: String, to attribute: KernelAttribute, deadlineSeconds: Int
    ) async throws(Problem) {
        let (path, device) = try attribute.target(of: text)
        guard !lockedDevices().contains(device) else {
            throw stillUnderWay(device, "An earlier write to \(device)")
        }
        known.touch(device)
        let write = AttributeWrite(
            path: root == "/" ? "/\(path)" : "\(root)/\(path)", text: "\(text)\n",
            deadlineMilliseconds: Int32(clamping: deadlineSeconds * 1000))
        let outcome = await write.perform()
        switch outcome {
        case .done: return
        case .refused(let error):
            throw Problem(
                .kernelRefused, "The kernel refused \"\(text)\" for /\(path).",
                evidence: HolderScan(tree: tree).holders(of: device).map(\.sentence), cause: ErrorNumber.name(error))
        case .underWay(let writer):
            writers[device] = writer
            throw stillUnderWay(device, "The write of \"\(text)\" to /\(path)")
        }
    }

    private func stillUnderWay(_ device: DeviceKey, _ what: String) -> Problem {
        Problem(
            .timedOut, "\(what) is still running in the kernel and cannot be stopped.",
            evidence: HolderScan(tree: tree).holders(of: device).map(\.sentence),
            next: [
                "Stop what holds the device; the write then ends by itself.",
                "Reboot the host if nothing holds it: a driver is deadlocked.",
            ])
    }

    /// Devices on which a write hangs now. Writers that came back meanwhile are forgotten.
    func lockedDevices() -> Set<DeviceKey> {
        writers = writers.filter { pb_writer_is_running($0.value) == 1 }
        return Set(writers.keys)
    }
}

extension LiveKernel {
    /// Runs `body` on a thread of its own and waits for it until the deadline. While an earlier one that was given up on is
    /// still in the kernel no other is begun: it is waited for as long, because on a busy host it was only slow.
    func reading<Value: Sendable>(
        _ body: @escaping @Sendable () throws(Problem) -> Value
    ) async throws(Problem) -> Value {
        guard await isMyTurn() else {
            throw Problem(
                .timedOut, "Reading the host is still blocked in the kernel.",
                next: ["Find the device that hangs: the kernel log lists tasks blocked for more than 120 seconds."])
        }
        let id = nextReading
        nextReading += 1
        let result: Result<Value, Problem> = await withCheckedContinuation { continuation in
            let timer = Task {
                try await Task.sleep(for: readDeadline)
                expire(id)
            }
            readings[id] = PendingReading(continuation: continuation, timer: timer)
            do throws(Problem) {
                try BlockingThread.start {
                    let result = Result { () throws(Problem) in try body() }
                    Task { await self.finish(id, result) }
                }
            } catch {
                finish(id, Result<Value, Problem>.failure(error))
            }
        }
        return try result.get()
    }

    private func finish<Value: Sendable>(_ id: Int, _ result: Result<Value, Problem>) {
        guard let reading = readings.removeValue(forKey: id) as? PendingReading<Value> else {
            stuckReadings -= 1
            if stuckReadings == 0 { for id in turns.keys { endWait(id, true) } }
            return
        }
        reading.timer.cancel()
        reading.continuation.resume(returning: result)
    }

    private func isMyTurn() async -> Bool {
        guard stuckReadings > 0 else { return true }
        let id = nextReading
        nextReading += 1
        return await withCheckedContinuation { continuation in
            let timer = Task {
                try await Task.sleep(for: readDeadline)
                endWait(id, false)
            }
            turns[id] = (continuation, timer)
        }
    }

    private func endWait(_ id: Int, _ isMyTurn: Bool) {
        guard let turn = turns.removeValue(forKey: id) else { return }
        turn.timer.cancel()
        turn.continuation.resume(returning: isMyTurn)
    }

    private func expire(_ id: Int) {
        guard let reading = readings.removeValue(forKey: id) else { return }
        stuckReadings += 1
        reading.fail(
            Problem(
                .timedOut, "Reading the host did not end within \(readDeadline).",
                next: ["Find the device that hangs: the kernel log lists tasks blocked for more than 120 seconds."]))
    }
}

/// Somebody who waits for a reading.
private protocol Reading: Sendable {
    func fail(_ problem: Problem)
}

private struct PendingReading<Value: Sendable>: Reading {
    let continuation: CheckedContinuation<Result<Value, Problem>, Never>
    /// Gives the reading up at its deadline.
    let timer: Task<Void, any Error>
    func fail(_ problem: Problem) { continuation.resume(returning: .failure(problem)) }
}
