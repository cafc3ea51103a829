import Foundation

@testable import Logs

extension LogForm {
  private static let labels = ["app": "apisix", "pod": "gw-1"]
  private static let time = "@timestamp"

  /// Of Loki, Elasticsearch, collectors and clouds.
  static let exports: [LogForm] = [
    .each("logcli -o jsonl") { json(["labels": labels, "line": $0.text, "timestamp": $0.iso]) + "\n" },
    .each("logcli") { "\($0.local)Z {app=\"apisix\", pod=\"gw-1\"} \($0.text)\n" },
    .each("logcli elsewhere") { "\(LogTimes.iso($0.time + 8 * 3600) ?? "")+08:00 {pod=\"gw-1\"}  \($0.text)\n" },
    .each("logcli --no-labels") { "\($0.local)Z \($0.text)\n" },
    .whole("Loki's query_range") { lines in
      let values = lines.map { [$0.nanos, $0.text, ["trace_id": "ab"]] as [Any] }
      let stream: [String: Any] = ["stream": labels, "values": values]
      return ["status": "success", "data": ["resultType": "streams", "result": [stream], "stats": ["n": 1]]]
    },
    .whole("Grafana") { $0.map { ["line": $0.text, "timestamp": $0.nanos, "fields": labels] } },
    .whole("Elasticsearch's _search") { lines in
      let hits = lines.map {
        ["_id": "x\($0.index)", "_source": document($0), "sort": [$0.time * 1000]] as [String: Any]
      }
      return ["took": 3, "timed_out": false, "hits": ["total": ["value": hits.count], "hits": hits]]
    },
    .whole("Kibana's fields") { lines in
      ["hits": ["hits": lines.map { ["fields": [time: [$0.iso], "message": [$0.text], "host.name": ["gw"]]] }]]
    },
    LogForm(name: "Kibana's CSV", keepsLines: false) { lines in
      let rows = lines.map { line in
        "\"Nov 28, 2026 @ \(line.local.suffix(8)).123\",gw-1,\"\(line.text.replacing("\"", with: "\"\""))\"\n"
      }
      return Data("\"@timestamp\",\"host.name\",message\n\(rows.joined())".utf8)
    },
    .each("Filebeat") { json(document($0)) + "\n" },
    .each("Filebeat, an hour and five minutes late") { line in
      var late = document(line)
      late[time] = (LogTimes.iso(line.time + 3900) ?? "") + "Z"
      return json(late) + "\n"
    },
    .each("Fluent Bit") {
      json(["date": Double($0.time), "log": $0.text, "stream": "stderr", "kubernetes": ["pod_name": "gw"]]) + "\n"
    },
    .whole("Loki's query_range of CRI's lines") { lines in
      let values = lines.map { [$0.nanos, "\($0.iso) stderr F \($0.text)"] }
      return ["data": ["resultType": "streams", "result": [["stream": labels, "values": values]]]]
    },
    .each("Filebeat, of CRI's lines in pieces", keepsLines: false) { line in
      let pieces = line.pieces(of: 100)
      return pieces.enumerated().map { index, piece in
        var line = document(line)
        line["message"] = "\(line[time] ?? "") stderr \(index + 1 < pieces.count ? "P" : "F") \(piece)"
        return json(line) + "\n"
      }.joined()
    },
    .each("Fluent Bit, of kubectl's lines") {
      json(["date": Double($0.time), "log": "[pod/gw-1/apisix] \($0.iso) \($0.text)"]) + "\n"
    },
    .each("Fluent Bit, in pieces", keepsLines: false) { line in
      let pieces = line.pieces(of: 100)
      return pieces.enumerated().map { index, piece in
        let tag = index + 1 < pieces.count ? "P" : "F"
        return json(["stream": "stderr", "logtag": tag, "message": piece, "time": line.iso]) + "\n"
      }.joined()
    },
    .each("Fluentd") { json(["log": "\($0.text)\n", "stream": "stderr", "tag": "kube", time: $0.iso]) + "\n" },
    .each("Fluentd's files") { "\($0.local)Z\tkube.gw\t\(json(["log": $0.text, "stream": "stderr"]))\n" },
    .each("Vector") {
      json(["file": "/a", "kubernetes": ["pod_ips": ["10.0.0.1"]], "message": $0.text, "timestamp": $0.iso]) + "\n"
    },
    .whole("CloudWatch") { lines in
      [
        "events": lines.map {
          ["logStreamName": "gw", "timestamp": $0.time * 1000, "message": $0.text] as [String: Any]
        }
      ]
    },
    .whole("Google's") { $0.map { ["resource": ["labels": labels], "textPayload": $0.text, "timestamp": $0.iso] } },
    .each("Splunk") { json(["result": ["_raw": $0.text, "_time": $0.iso, "host": "gw"]]) + "\n" },
    .whole("OpenTelemetry's") { lines in
      let records = lines.map { ["timeUnixNano": $0.nanos, "body": ["stringValue": $0.text]] as [String: Any] }
      return ["resourceLogs": [["scopeLogs": [["logRecords": records]]]]]
    },
  ]

  private static func document(_ line: TimedLine) -> [String: Any] {
    [
      time: line.iso, "message": line.text, "log": ["offset": line.index, "file": ["path": "/a/error.log"]],
      "host": ["name": "gw-1", "ip": ["10.0.0.1"]], "agent": ["type": "filebeat"], "tags": ["a", "b"],
    ]
  }
}
