import Foundation
import PatchbayAPI
import PatchbayCore

/// Makes wire values the way a client gets them: from JSON, with the fields that matter and harmless ones for the rest.
enum Wire {
    static func value<Value: Decodable>(_ type: Value.Type, _ fields: [String: Any?]) -> Value {
        let object = fields.compactMapValues { $0 }
        let bytes = try! JSONSerialization.data(withJSONObject: object)
        return try! JSONDecoder().decode(type, from: bytes)
    }

    static func device(
        _ host: String, _ address: String, _ name: String, vendor: String = "NVIDIA Corporation",
        ids: String = "10de:20b5", classCode: String = "030200", className: String = "3D controller",
        group: Int?, numa: Int?, driver: String?, _ state: DeviceState, _ reason: String = "", vm: String? = nil,
        pools: [String] = [], companions: [String] = [], role: String = "type-PCI", parent: String? = nil,
        isBridge: Bool = false, uses: [[String: Any]] = [], path: String = "pci0000:40/01.0/00.0",
        binding: [String: Any]? = nil, totalVFs: Int? = nil
    ) -> API.Device {
        let parts = ids.split(separator: ":")
        return value(
            API.Device.self,
            [
                "id": "\(host)/\(address)", "shortID": "\(host)/\(address.dropFirst(5))", "host": host,
                "kind": "pci", "address": address, "name": "\(vendor) \(name)", "vendorID": String(parts[0]),
                "deviceID": String(parts[1]), "vendorName": vendor, "deviceName": name, "classCode": classCode,
                "className": className, "revision": "a1", "driver": driver, "iommuGroup": group, "numaNode": numa,
                "role": role, "parent": parent, "isBridge": isBridge,
                "bars": [["index": 0, "sizeBytes": 16_777_216, "kind": "memory32", "isPrefetchable": false]],
                "resetMethods": ["flr", "bus"], "topologyPath": path, "nodes": [String](), "state": state.rawValue,
                "reason": reason, "companions": companions, "bridges": [String](), "pools": pools,
                "holder": vm.map { "VM \($0)" }, "vm": vm, "hostUses": uses,
                "verdict": uses.isEmpty ? "free" : "critical", "binding": binding,
                "totalVFs": totalVFs, "activeVFs": totalVFs.map { _ in 3 },
            ])
    }

    static func survey(_ inventory: Inventory) -> API.Survey {
        let view = HostView(inventory: inventory, usage: Usage())
        return API.Survey(inventory) { key in
            let (state, reason) = view.state(of: key)
            return API.Device.Standing(state: state, reason: reason, pools: [], holder: nil, binding: nil)
        }
    }

    static func host(
        _ name: String, iommu: String = "active", findings: [[String: Any]] = [], isConnected: Bool = true
    ) -> API.Host {
        value(
            API.Host.self,
            [
                "name": name, "kernel": "6.1.0-31-amd64", "distribution": "Debian 12", "cpuCount": 64,
                "memoryMiB": 524_288, "numaNodes": [0, 1],
                "readiness": ["iommu": iommu, "vfioLoaded": true, "vfioAvailable": true, "isReady": iommu == "active"],
                "findings": findings,
                "agent": ["isConnected": isConnected, "lastSeenAt": Demo.now - 4000, "version": "0.1.0"],
                "settings": ["labels": [String: String](), "isPinned": false, "isCordoned": false],
                "deviceCounts": [String: Int](), "inventoryDigest": "9c1e", "inventoryAt": Demo.now - 4000,
                "revision": 7,
            ])
    }

    static func finding(
        _ code: String, _ severity: String, _ subject: String, _ sentence: String, _ next: [String] = []
    )
        -> [String: Any]
    {
        ["code": code, "severity": severity, "subject": subject, "sentence": sentence, "next": next]
    }

    static func vm(
        _ name: String, on host: String = "atlas", state: String = "running", requests: [[String: Any]] = [],
        now: [[String: Any]] = [], next: [String] = [], pending: Bool = false, origin: String = "managed"
    ) -> API.VM {
        value(
            API.VM.self,
            [
                "name": name, "host": host, "origin": origin, "state": state, "vcpus": 8, "memoryMiB": 32768,
                "requests": requests.map { $0.merging(request) { given, _ in given } }, "now": now, "atNextStart": next,
                "isRestartPending": pending,
                "restartCommand": pending ? "patchbay vm restart \(name)" : nil, "findings": [Any](), "revision": 3,
            ])
    }

    /// What every request has, where nothing else is said.
    private static var request: [String: Any] {
        ["isOptional": false, "groupPolicy": "none", "tags": [String: String]()]
    }

    static func held(_ device: String, _ name: String, request: String, pool: String?, companion: Bool = false)
        -> [String: Any]
    {
        var fields: [String: Any] = ["device": device, "name": name, "request": request, "isCompanion": companion]
        fields["pool"] = pool
        return fields
    }

    static func step(_ number: Int, _ verb: String, _ object: String, _ remark: String, _ status: String, _ time: Int?)
        -> [String: Any]
    {
        var fields: [String: Any] = [
            "number": number, "verb": verb, "object": object, "remark": remark, "status": status,
        ]
        fields["milliseconds"] = time
        return fields
    }

    static func plan(
        _ id: String, _ title: String, phase: String, steps: [[String: Any]], problem: [String: Any]? = nil,
        left: [[String: Any]] = [], ago: Int = 120_000, findings: [[String: Any]] = []
    ) -> API.Plan {
        value(
            API.Plan.self,
            [
                "id": id, "host": "atlas", "title": title, "phase": phase,
                "isOver": ["applied", "rolled-back", "stuck"].contains(phase), "canBeUndone": phase == "applied",
                "canBeRetried": phase == "rolled-back" ? true : nil, "canBeResolved": phase == "stuck" ? true : nil,
                "basis": "9c1e77aa", "steps": steps, "findings": findings, "actor": "token mara",
                "createdAt": Demo.now - ago, "endedAt": phase == "applied" ? Demo.now - ago + 2000 : nil,
                "problem": problem, "stepsLeft": left,
            ])
    }

    static func event(_ id: Int, _ kind: String, _ subject: String, _ sentence: String, ago: Int) -> API.Event {
        value(
            API.Event.self,
            [
                "id": id, "kind": kind, "subject": subject, "sentence": sentence, "actor": "token mara",
                "at": Demo.now - ago,
            ])
    }

    static func pool(
        _ name: String, _ summary: String, deviceClass: String = "gpu", preparation: String = "on-demand",
        rules: [API.Rule], devices: [API.Device], vms: [String]
    ) -> API.Pool {
        var pool = value(
            API.Pool.self,
            [
                "name": name, "kind": "pci", "description": summary, "deviceClass": deviceClass,
                "preparation": preparation, "rules": [Any](), "devices": [Any](), "deviceCounts": [String: Int](),
                "vms": vms, "findings": [Any](), "revision": 12,
            ])
        pool.rules = rules
        pool.devices = devices
        return pool
    }
}
